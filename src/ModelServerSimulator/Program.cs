using ModelServerSimulator.Hosting;

CommandLine line = CommandLine.Parse(args);
if (line.WantsHelp)
{
    Console.Write(HelpText.Render());
    return 0;
}

if (line.Problem is not null)
{
    await Console.Error.WriteLineAsync($"model-server-sim: {line.Problem}; --help lists the options");
    return 2;
}

await using WebApplication app = SimulatorHost.Build(line.Options.Engine, line.Options.Server, TimeProvider.System);
await app.StartAsync();
Console.WriteLine($"listening on {SimulatorHost.Address(app)}");
await app.WaitForShutdownAsync();
return 0;
