using HostAgent.Agent.Commands;
using HostAgent.Agent.Commands.Policy;
using HostAgent.Agent.Configuration;
using HostAgent.Agent.Logging;
using HostAgent.Agent.Sampling;
using HostAgent.Agent.Streaming;

namespace HostAgent.Agent.Cli;

/// <summary>Each command from its line to its exit code.</summary>
internal static class AgentCommands
{
    /// <exception cref="UsageException">The line is wrong.</exception>
    /// <exception cref="ConfigurationException">A setting is wrong.</exception>
    public static int Run(CommandLine line, Func<string, string?> environment) => line.Command switch
    {
        "run" => Stream(line, environment),
        "enrol" => Enrol(line, environment),
        "sample" => Sample(line, environment),
        "commands" => Print(CommandListing.Journal(OptionsOf(line, environment), line.Json, TimeProvider.System)),
        "kinds" => Print(CommandListing.Kinds(OptionsOf(line, environment), line.Json, TimeProvider.System)),
        "execute" => ExecuteCommand.Run(line, OptionsOf(line, environment), TimeProvider.System),
        "check-config" => CheckConfig(line.Operands[0]),
        "example-config" => Print(ExampleFile.Write()),
        "version" => Print($"hostagent {ProgramVersion.Text}\n"),
        _ => Print(HelpText.Text),
    };

    internal static AgentOptions OptionsOf(CommandLine line, Func<string, string?> environment)
    {
        var builder = new OptionsBuilder();
        if ((line.Config ?? environment("HOSTAGENT_CONFIG")) is { Length: > 0 } file)
        {
            builder.Add(ReadSettings(file));
        }

        if ((line.Endpoints ?? environment("HOSTAGENT_ENDPOINTS")) is { Length: > 0 } endpoints)
        {
            builder.Add(LocalEndpoints.Read(endpoints));
        }

        builder.Add(OptionsBuilder.FromEnvironment(environment));
        builder.Add(line.Settings);
        var options = builder.Build();
        return environment("HOSTAGENT_ENROLMENT_TOKEN") is { Length: > 0 } token ? options with { Enrolment = options.Enrolment with { Token = token } } : options;
    }

    private static int Stream(CommandLine line, Func<string, string?> environment)
    {
        var options = OptionsOf(line, environment);
        if (options.Stream.Aggregator == StreamingOptions.Nowhere)
        {
            throw new UsageException("run needs --aggregator URL (or --endpoints FILE, HOSTAGENT_AGGREGATOR, or the key aggregator in the settings file)");
        }

        var format = !string.IsNullOrEmpty(environment("JOURNAL_STREAM")) ? LineFormat.Journal : Console.IsErrorRedirected ? LineFormat.File : LineFormat.Terminal;
        using var logs = new LineLoggerFactory(format, options.LogLevel, TimeProvider.System);
        return RunCommand.Run(options, () => OptionsOf(line, environment), line.Trace, logs, TimeProvider.System);
    }

    private static int Enrol(CommandLine line, Func<string, string?> environment)
    {
        var options = OptionsOf(line, environment);
        if (options.Stream.Aggregator == StreamingOptions.Nowhere)
        {
            throw new UsageException("enrol needs --aggregator URL (or --endpoints FILE, HOSTAGENT_AGGREGATOR, or the key aggregator in the settings file)");
        }

        using var logs = new LineLoggerFactory(LineFormat.Terminal, options.LogLevel, TimeProvider.System);
        return EnrolCommand.Run(options, Console.In, logs, TimeProvider.System);
    }

    private static int Sample(CommandLine line, Func<string, string?> environment)
    {
        var options = OptionsOf(line, environment);
        using var logs = new LineLoggerFactory(LineFormat.Terminal, options.LogLevel, TimeProvider.System);
        var printer = new TickPrinter();
        new SamplingScheduler(options.Sampling, new SeriesTable(), printer, TimeProvider.System, logs).RunOnce();
        return Print(line.Json ? printer.ToJson() + "\n" : printer.ToPrometheusText());
    }

    private static int CheckConfig(string file)
    {
        var builder = new OptionsBuilder();
        builder.Add(ReadSettings(file));
        CommandOptions commands = builder.Build().Commands;
        string policy = commands.PolicyFile;
        string?[] problems = [PolicySource.Check(policy, CommandStage.Handlers(commands, TimeProvider.System).Definitions), .. OperatorKeys.Check(commands.OperatorsDirectory)];
        if (problems.OfType<string>().ToArray() is { Length: > 0 } found)
        {
            throw new ConfigurationException(string.Join('\n', found));
        }

        return Print(File.Exists(policy) ? $"{file} and {policy} are sound\n" : $"{file} is sound; there is no {policy}, so commands are denied\n");
    }

    private static List<Setting> ReadSettings(string file)
    {
        try
        {
            using var text = new StreamReader(file);
            return SettingsFile.Parse(text, file);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigurationException($"the settings file {file} does not exist");
        }
        catch (UnauthorizedAccessException error) when (!Directory.Exists(file))
        {
            throw new UnauthorizedAccessException($"the settings file {file} may not be read by this user", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"the settings file {file} cannot be read: {error.Message}");
        }
    }

    private static int Print(string text)
    {
        Console.Out.Write(text);
        Console.Out.Flush();
        return ExitCodes.Ok;
    }
}
