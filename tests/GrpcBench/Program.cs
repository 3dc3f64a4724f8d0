using HostAgent.GrpcBench;

// GrpcBench [--rounds N] [--seconds S]       measures and prints the table
// GrpcBench server|client FOLDER [PORT]      one side of our runtime, started by the above in a process of its own
switch (args)
{
    case ["server", string folder]:
        await OurServer.RunAsync(folder);
        return 0;
    case ["client", string folder, string port]:
        await OurClient.RunAsync(folder, port);
        return 0;
    default:
        if (BenchOptions.Parse(args) is not { } options)
        {
            await Console.Error.WriteLineAsync("usage: GrpcBench [--rounds 1..20] [--seconds 1..30]");
            return 64;
        }

        await Comparison.RunAsync(options);
        return 0;
}
