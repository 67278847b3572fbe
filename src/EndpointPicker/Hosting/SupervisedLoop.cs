namespace EndpointPicker.Hosting;

/// <summary>
/// Runs what is to go on for as long as it is wanted: a fault is told, and after a pause it is run again. To end before that is a fault as well, so that
/// what ends at once does not spin.
/// </summary>
/// <param name="tell">Hears of each fault.</param>
/// <param name="time">The clock of the pauses.</param>
internal sealed class SupervisedLoop(Action<Exception> tell, TimeProvider time)
{
    /// <summary>How long after a fault it is run again.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Runs until the token ends; no exception comes out of it.</summary>
    /// <param name="run">What is to go on until its token ends.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Func<CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await run(cancellationToken);
                if (!cancellationToken.IsCancellationRequested)
                {
                    tell(new InvalidOperationException("It ended, and nobody had asked it to."));
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                tell(fault);
            }

            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
