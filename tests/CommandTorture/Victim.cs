using System.Diagnostics;
using HostAgent.Agent.Commands;
using HostAgent.Agent.Streaming;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.CommandTorture;

/// <summary>A process with the agent's whole command stage, connected to the dispatcher. It kills itself with SIGKILL at the boundary named.</summary>
internal static class Victim
{
    /// <summary>Identity of the host.</summary>
    public const string HostId = "0123456789abcdef0123456789abcdef";

    public static async Task<int> RunAsync(string directory, Uri dispatcher, string death)
    {
        string effects = Path.Combine(directory, "effects");
        foreach (string kind in new[] { Scenario.Seen, Scenario.Blind })
        {
            HandlerCatalog.Register(EffectHandler.Define(kind, effects, Step));
        }

        if (death == "any-instant")
        {
            // From before the connection is made until after everything is over: a thread of its own, so that nothing holds it up.
            new Thread(static () =>
            {
                Thread.Sleep(Random.Shared.Next(400));
                Die();
            }).Start();
        }

        var options = new StreamingOptions
        {
            Aggregator = dispatcher,
            CaFile = Path.Combine(directory, "ca.pem"),
            MinReconnectDelay = TimeSpan.FromMilliseconds(100),
            MaxReconnectDelay = TimeSpan.FromMilliseconds(200),
        };
        var commands = new CommandOptions { PolicyFile = Path.Combine(directory, "commands.yaml"), OperatorsDirectory = directory };
        var identity = new HostIdentity(HostId, "victim", "boot", "0.0", []);
        using CommandStage stage = CommandStage.Run(commands, directory, identity, options, (_, step) => Step(step), TimeProvider.System, NullLogger.Instance);
        using var channel = AggregatorChannel.Open(options, new StreamFigures(), ChannelTrust.None);
        await stage.AccompanyAsync(channel, CancellationToken.None);
        return 0;

        void Step(string step)
        {
            if (step == death)
            {
                Die();
            }
        }
    }

    private static void Die()
    {
        using Process self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}
