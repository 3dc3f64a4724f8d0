using System.Text;

namespace HostAgent.Cli.Output;

/// <summary>Reads a secret from standard input.</summary>
internal static class Secrets
{
    private const int MaxLength = 4096;

    /// <summary>A line, without showing it when a person types; null at the end of input.</summary>
    public static string? Read(string prompt)
    {
        if (Console.IsInputRedirected)
        {
            return Console.In.ReadLine();
        }

        Console.Error.Write(prompt);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (key.KeyChar >= ' ' && typed.Length < MaxLength)
            {
                typed.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
