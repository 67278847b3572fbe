using ModelServerSimulator.Hosting;

CommandLine line = CommandLine.Parse(args);
if (line.WantsHelp)
{
    Console.Write(HelpText.Render());
    return 0;
}

if (line.Problem is not null)
{
    await Console.Error.WriteLineAsync($"model-server-sim: {line.Problem}\n--help lists the options");
    return 2;
}

WebApplication[] ranks = [.. Enumerable.Range(0, line.Options.DataParallelSize).Select(rank => SimulatorHost.Build(line.Options.OfRank(rank), TimeProvider.System))];
try
{
    foreach (WebApplication rank in ranks)
    {
        await rank.StartAsync();
        Console.WriteLine($"listening on {SimulatorHost.Address(rank)}");
    }
}
catch (IOException exception)
{
    await Console.Error.WriteLineAsync($"model-server-sim: {exception.Message}");
    return 1;
}

await Task.WhenAll(ranks.Select(rank => rank.WaitForShutdownAsync()));
return 0;
