using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using HostAgent.Benchmarks;

// Benchmarks [options of BenchmarkDotNet, e.g. --filter '*Frame*']. In process, because this BenchmarkDotNet is older than the runtime and could not build
// a program for it; short, because it is for seeing a change of a factor, not of a percent.
IConfig config = ManualConfig.Create(DefaultConfig.Instance)
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .WithOptions(ConfigOptions.JoinSummary);
string[] arguments = args.Length > 0 ? args : ["--filter", "*"];
return BenchmarkSwitcher.FromAssembly(typeof(TickBenchmark).Assembly).Run(arguments, config).Any(summary => summary.HasCriticalValidationErrors) ? 1 : 0;
