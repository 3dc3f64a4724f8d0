using System.Text;

namespace HostAgent.Cli.Output;

/// <summary>Rows under headings, columns as wide as their widest cell. A heading that begins with '&gt;' aligns its column right.</summary>
internal sealed class Table(params string[] headings)
{
    private readonly List<(string Text, string Style)[]> _rows = [];

    /// <summary>Adds a row of plain cells.</summary>
    public void Add(params string[] cells) => _rows.Add([.. cells.Select(cell => (Clean(cell), Style.Plain))]);

    /// <summary>Adds a row of styled cells.</summary>
    public void Add(params (string Text, string Style)[] cells) => _rows.Add([.. cells.Select(cell => (Clean(cell.Text), cell.Style))]);

    /// <summary>The lines, the headings first.</summary>
    public IEnumerable<string> Lines(Terminal terminal)
    {
        int[] widths = [.. headings.Select((heading, i) => _rows.Select(row => row[i].Text.Length).Prepend(heading.TrimStart('>').Length).Max())];
        yield return Line([.. headings.Select(heading => (heading.TrimStart('>'), Style.Heading))]);
        foreach ((string, string)[] row in _rows)
        {
            yield return Line(row);
        }

        string Line((string Text, string Style)[] cells)
        {
            var line = new StringBuilder();
            for (int i = 0; i < cells.Length; i++)
            {
                bool right = headings[i][0] == '>';
                bool last = i == cells.Length - 1;
                string padding = new(' ', widths[i] - cells[i].Text.Length);
                string painted = terminal.Paint(cells[i].Style, cells[i].Text);
                line.Append(right ? padding + painted : last ? painted : painted + padding).Append(last ? "" : "  ");
            }

            return line.ToString().TrimEnd();
        }
    }

    /// <summary>Writes all lines to the terminal's output.</summary>
    public void Write(Terminal terminal)
    {
        foreach (string line in Lines(terminal))
        {
            terminal.Out.WriteLine(line);
        }
    }

    /// <summary>A text without control characters: what an agent says must not move the cursor of the one who reads it.</summary>
    public static string Clean(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;
}
