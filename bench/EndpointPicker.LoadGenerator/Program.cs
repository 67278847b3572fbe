using EndpointPicker.LoadGenerator.Load;
using EndpointPicker.LoadGenerator.Null;

if (args is ["null", .. string[] rest])
{
    return await NullServer.RunAsync(rest);
}

LoadOptions options = LoadOptions.Parse(args);
if (options.Problem is not null)
{
    await Console.Error.WriteLineAsync($"epp-load: {options.Problem}; --help lists the options");
    return 2;
}

if (options.WantsHelp)
{
    Console.WriteLine(LoadOptions.Help);
    return 0;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, interrupt) =>
{
    interrupt.Cancel = true;
    stop.Cancel();
};
LoadReport report = await new LoadRunner(options).RunAsync(stop.Token);
Console.WriteLine(report.ToJson());
if (report.Errors > 0)
{
    await Console.Error.WriteLineAsync($"{report.Errors} streams failed, the first: {report.FirstError}");
}

return report.Errors > 0 ? 1 : 0;
