using Grpc.Core;
using HostAgent.Agent.Configuration;
using HostAgent.Agent.Enrolment;
using HostAgent.Agent.Spool;
using HostAgent.Agent.Streaming;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Cli;

/// <summary><c>hostagent enrol</c>: gets this host's certificate and ends. A running agent takes it up by itself.</summary>
internal static class EnrolCommand
{
    /// <summary>The file name that stands for standard input.</summary>
    private const string StandardInput = "-";

    /// <exception cref="UsageException">There is no token.</exception>
    public static int Run(AgentOptions options, TextReader input, ILoggerFactory logs, TimeProvider time)
    {
        var log = logs.CreateLogger("hostagent");
        var enrolment = options.Enrolment switch
        {
            { Token: not null } given => given,
            { TokenFile: { } file } when Path.GetFileName(file) == StandardInput => new EnrolmentOptions { Token = input.ReadLine() ?? "" },
            { TokenFile: not null } given => given,
            _ => throw new UsageException("enrol needs --token-file FILE (- for standard input) or HOSTAGENT_ENROLMENT_TOKEN; never put a token on the command line"),
        };
        var credentials = new HostCredentials(
            options.Stream, enrolment, RunCommand.Identify(options, HostIdOf(options, log)), new CertificateStore(options.StateDirectory, log), time, log);
        try
        {
            credentials.EnrolAsync(CancellationToken.None).GetAwaiter().GetResult();
            return ExitCodes.Ok;
        }
        catch (NotEnrolledException error)
        {
            throw new UnauthorizedAccessException($"not enrolled: {error.Message}", error);
        }
        catch (RpcException error) when (error.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Internal)
        {
            throw new IOException($"not enrolled, {options.Stream.Aggregator} cannot be reached: {error.Status.DebugException?.Message ?? error.Status.Detail}", error);
        }
        catch (RpcException error)
        {
            throw new UnauthorizedAccessException($"not enrolled: {error.Status.Detail}", error);
        }
    }

    private static string HostIdOf(AgentOptions options, ILogger log)
    {
        try
        {
            using var directory = new SpoolDirectory(options.StateDirectory, options.Spool.MaxDamagedSegments, log);
            return directory.IsUsable
                ? directory.HostId(machineId: null)
                : throw new UnauthorizedAccessException($"the state directory {options.StateDirectory} cannot be used: a certificate has to be kept there");
        }
        catch (SpoolLockedException)
        {
            return File.ReadAllText(Path.Combine(options.StateDirectory, "host-id")).Trim(); // the agent is running: it has one
        }
    }
}
