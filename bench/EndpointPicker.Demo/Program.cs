using System.Runtime.InteropServices;
using EndpointPicker.Demo;

DemoOptions options = DemoOptions.Parse(args);
if (options.Problem is not null)
{
    await Console.Error.WriteLineAsync($"demo: {options.Problem}; --help lists the options");
    return ExitCode.Usage;
}

if (options.WantsHelp)
{
    Console.WriteLine(DemoOptions.Help);
    return ExitCode.Done;
}

using var stop = new CancellationTokenSource();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, StopOnSignal);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, StopOnSignal);
using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, StopOnSignal);
return await DemoRun.RunAsync(options, stop.Token);

void StopOnSignal(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
