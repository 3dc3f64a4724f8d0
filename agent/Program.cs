using HostAgent.Agent.Cli;
using HostAgent.Agent.Configuration;
using HostAgent.Agent.Spool;

// The stages themselves are put together in Cli/RunCommand.cs; here is only what becomes of a command line that fails.
try
{
    return AgentCommands.Run(CommandLine.Parse(args), Environment.GetEnvironmentVariable);
}
catch (UsageException error)
{
    return Fail(ExitCodes.Usage, error.Message + "\nhostagent --help says more.");
}
catch (ConfigurationException error)
{
    return Fail(ExitCodes.Configuration, error.Message);
}
catch (SpoolLockedException error)
{
    return Fail(ExitCodes.CannotCreate, error.Message);
}
catch (UnauthorizedAccessException error)
{
    return Fail(ExitCodes.NoPermission, error.Message);
}
catch (IOException error)
{
    return Fail(ExitCodes.CannotCreate, error.Message);
}
catch (Exception error)
{
    return Fail(ExitCodes.Software, $"This is a defect of hostagent; please report it with these lines.\n{error}");
}

static int Fail(int code, string message)
{
    Console.Error.WriteLine($"hostagent: {message}");
    return code;
}
