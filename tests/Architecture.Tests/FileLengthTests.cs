namespace HostAgent.Architecture.Tests;

/// <summary>Small files are found by their name and read in one go.</summary>
public sealed class FileLengthTests
{
    private const int MaxLines = 500;
    private const int MaxMedianLines = 130;
    private const int MaxP95Lines = 400;

    [Fact]
    public void No_hand_written_file_is_over_500_lines()
    {
        string[] breaches = [.. SourceTree.Product.Concat(SourceTree.Tests)
            .Where(file => file.Lines > MaxLines).Select(file => $"{file.Path}: {file.Lines}")];
        Assert.True(breaches.Length == 0, string.Join('\n', breaches));
    }

    [Fact]
    public void Half_of_the_files_have_130_lines_or_fewer_and_95_percent_400()
    {
        int[] lines = [.. SourceTree.Product.Select(file => file.Lines).Order()];
        Assert.InRange(lines[lines.Length / 2], 1, MaxMedianLines);
        Assert.InRange(lines[lines.Length * 95 / 100], 1, MaxP95Lines);
    }

    [Fact]
    public void Namespaces_match_folders()
    {
        string[] breaches = [.. SourceTree.Product
            .Where(file => file.Path.Contains('/') && !file.Path.StartsWith("grpc/", StringComparison.Ordinal) && !file.Path.EndsWith("Program.cs", StringComparison.Ordinal))
            .Where(file => !file.Text.Contains($"namespace {Expected(file)};", StringComparison.Ordinal))
            .Select(file => $"{file.Path}: expected namespace {Expected(file)}")];
        Assert.True(breaches.Length == 0, string.Join('\n', breaches));
    }

    private static string Expected(SourceFile file)
    {
        string program = file.Path.Split('/')[0];
        string root = $"HostAgent.{char.ToUpperInvariant(program[0])}{program[1..]}";
        return file.Room.Length == 0 ? root : $"{root}.{file.Room.Replace('/', '.')}";
    }
}
