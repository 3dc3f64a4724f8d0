using System.Text;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Commands.Policy;

/// <summary>The policy file as it is now: looked at again for every order, read again when it has changed. Without a sound file nothing is allowed.</summary>
internal sealed partial class PolicySource(string path, IReadOnlyList<HandlerDefinition> known, ILogger log)
{
    private readonly Lock _gate = new();
    private (DateTime Written, long Bytes, UnixFileMode Mode)? _seen;
    private CommandPolicy _policy = CommandPolicy.DenyAll;
    private string? _problem = "";

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>The policy that counts now. <paramref name="problem"/> says why it denies everything when that is not what the file says; null: the
    /// file is sound.</summary>
    public CommandPolicy Current(out string? problem)
    {
        lock (_gate)
        {
            Refresh();
            problem = _problem;
            return _policy;
        }
    }

    /// <summary>What is wrong with a policy file; null when nothing is, or there is none.</summary>
    public static string? Check(string path, IReadOnlyList<HandlerDefinition> known) =>
        File.Exists(path) ? Load(path, known).Problem : null;

    private void Refresh()
    {
        var file = new FileInfo(path);
        (DateTime, long, UnixFileMode)? seen = file.Exists ? (file.LastWriteTimeUtc, file.Length, file.UnixFileMode) : null;
        if (seen == _seen && _problem != "")
        {
            return;
        }

        _seen = seen;
        (_policy, string? problem) = Load(path, known);
        if (problem is not null && problem != _problem)
        {
            LogProblem(log, file.Exists ? LogLevel.Error : LogLevel.Information, problem);
        }
        else if (problem is null)
        {
            LogRead(log, path, _policy.Rules.Count, _policy.Reflexes.Count);
        }

        _problem = problem;
    }

    private static (CommandPolicy Policy, string? Problem) Load(string path, IReadOnlyList<HandlerDefinition> known)
    {
        try
        {
            (CommandPolicy policy, IReadOnlyList<string> problems) = PolicyReader.Read(Encoding.UTF8.GetString(TrustedFile.Read(path)), path, known);
            return (policy, problems.Count == 0 ? null : string.Join('\n', problems));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return (CommandPolicy.DenyAll, $"there is no policy file {path}, so this host lets nothing be done to it");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (CommandPolicy.DenyAll, error.Message);
        }
    }

    [LoggerMessage(EventId = 81, Message = "Commands are denied: {Problem}")]
    private static partial void LogProblem(ILogger log, LogLevel level, string problem);

    [LoggerMessage(82, LogLevel.Information, "{File} is in force: {Rules} rules, {Reflexes} reflexes")]
    private static partial void LogRead(ILogger log, string file, int rules, int reflexes);
}
