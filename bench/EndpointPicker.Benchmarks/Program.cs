using BenchmarkDotNet.Running;
using EndpointPicker.Benchmarks;

// dotnet run -c Release --project bench/EndpointPicker.Benchmarks -- --filter '*Prefix*'
BenchmarkSwitcher.FromAssembly(typeof(RunConfig).Assembly).Run(args, new RunConfig());
return 0;
