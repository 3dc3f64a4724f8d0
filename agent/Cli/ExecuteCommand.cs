using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.Channels;
using HostAgent.Agent.Commands;
using HostAgent.Agent.Commands.Journal;
using HostAgent.Agent.Commands.Local;
using HostAgent.Agent.Configuration;
using HostAgent.Agent.Logging;
using HostAgent.Protos.Commands;
using HostAgent.V1;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Cli;

/// <summary><c>hostagent execute</c>: an order from this host itself. The agent that runs carries it out; when none does, this process.</summary>
internal static class ExecuteCommand
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    /// <exception cref="IOException">Neither is an agent to be reached nor can its journal be written.</exception>
    public static int Run(CommandLine line, AgentOptions options, TimeProvider time) => RunAsync(Order(line, time), options, time).GetAwaiter().GetResult();

    private static CommandOrder Order(CommandLine line, TimeProvider time)
    {
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var body = new OrderBody
        {
            CommandId = RandomNumberGenerator.GetHexString(32, lowercase: true),
            Kind = line.Operands[0],
            NotBeforeUnixMs = now,
            NotAfterUnixMs = now + (long)Lifetime.TotalMilliseconds,
            DryRun = line.DryRun,
            Precondition = line.OverrideBudget ? "budget=override" : "",
        };
        body.Args.Add(line.Operands.Skip(1).Select(static text => text.Split('=', 2)).Select(static pair => new Arg { Name = pair[0], Value = pair[1] }));
        CanonicalOrder.Sort(body);
        return new CommandOrder { Body = body, RequestedBy = $"local:{Environment.UserName}" };
    }

    private static async Task<int> RunAsync(CommandOrder order, AgentOptions options, TimeProvider time)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(options.StateDirectory, LocalWire.SocketName))).ConfigureAwait(false);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new UnauthorizedAccessException("only root and the agent's own user may order commands on this host", error);
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            return await AloneAsync(order, options, time).ConfigureAwait(false);
        }

        try
        {
            await LocalWire.SendAsync(socket, order, CancellationToken.None).ConfigureAwait(false);
            while (await LocalWire.ReceiveAsync(socket, CommandReport.Parser, CancellationToken.None).ConfigureAwait(false) is { } report)
            {
                if (Show(report) is { } code)
                {
                    return code;
                }
            }
        }
        catch (Exception error) when (error is SocketException or InvalidDataException)
        {
            Console.Error.WriteLine($"hostagent: {error.Message}");
        }

        Console.Error.WriteLine("hostagent: the agent ended before the command did; hostagent commands says what became of it");
        return ExitCodes.NotDone;
    }

    private static async Task<int> AloneAsync(CommandOrder order, AgentOptions options, TimeProvider time)
    {
        using var logs = new LineLoggerFactory(LineFormat.Terminal, LogLevel.Warning, time);
        string hostId = HostId(options.StateDirectory);
        order.Body.Targets.Add(hostId);
        using CommandStage stage = CommandStage.Alone(options.Commands, options.StateDirectory, hostId, time, logs.CreateLogger("hostagent"), () => options.Targets);
        var reports = Channel.CreateUnbounded<CommandReport>();
        stage.Executor.Submit(order, CommandOrigin.Local, report => reports.Writer.TryWrite(report));
        await foreach (CommandReport report in reports.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (Show(report) is { } code)
            {
                await stage.Executor.StopAsync(StopPatience).ConfigureAwait(false);
                return code;
            }
        }

        return ExitCodes.NotDone;
    }

    // Without an identity of its own the host has never had an agent; an order from here is for here in any case.
    private static string HostId(string directory)
    {
        string file = Path.Combine(directory, "host-id");
        return File.Exists(file) ? File.ReadAllText(file).Trim() : new string('0', 32);
    }

    private static int? Show(CommandReport report)
    {
        if (report.Output.Length > 0)
        {
            using Stream output = Console.OpenStandardOutput();
            output.Write(report.Output.Span);
        }

        if (!report.State.IsFinal())
        {
            if (report.Message.Length > 0)
            {
                Console.Error.WriteLine($"{report.Percent,3} %  {report.Message}");
            }

            return null;
        }

        foreach (Arg result in report.Results)
        {
            Console.Error.WriteLine($"{result.Name}={result.Value}");
        }

        Console.Error.WriteLine($"{report.State.Word()}: {report.Message}");
        return report.State == CommandState.Succeeded ? ExitCodes.Ok : ExitCodes.NotDone;
    }
}
