using System.Collections.Concurrent;
using System.Diagnostics;
using EndpointPicker.LoadGenerator.Client;

namespace EndpointPicker.LoadGenerator.Load;

/// <summary>
/// Runs streams in closed or open loop. In open loop a stream's time counts from the moment it was due, so that a server which falls behind
/// cannot hide it by being asked later.
/// </summary>
public sealed class LoadRunner(LoadOptions options)
{
    private readonly ConcurrentQueue<(long Due, ExchangeResult Result)> _results = new();
    private int _next;

    public async Task<LoadReport> RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<byte[]> bodies = Bodies.Create(options);
        ExtProcClient[] clients = [.. Enumerable.Range(0, options.Connections).Select(_ => new ExtProcClient(options.Target))];
        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task load = options.Rate is { } rate ? RunOpenAsync(rate, clients, bodies, end.Token) : RunClosedAsync(clients, bodies, end.Token);
            await WaitAsync(options.Warmup, load, cancellationToken);
            long from = Stopwatch.GetTimestamp();
            ProcessUsage before = ProcessUsage.Of(options.ProcessId);
            await WaitAsync(options.Duration, load, cancellationToken);
            ProcessUsage after = ProcessUsage.Of(options.ProcessId);
            long to = Stopwatch.GetTimestamp();
            await end.CancelAsync();
            await load;
            return LoadReport.Create([.. _results], from, to, before, after);
        }
        finally
        {
            Array.ForEach(clients, client => client.Dispose());
        }
    }

    private static async Task WaitAsync(TimeSpan time, Task load, CancellationToken cancellationToken)
    {
        Task first = await Task.WhenAny(load, Task.Delay(time, cancellationToken));
        await first.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunClosedAsync(ExtProcClient[] clients, IReadOnlyList<byte[]> bodies, CancellationToken end) =>
        await Task.WhenAll(Enumerable.Range(0, options.Streams).Select(async _ =>
        {
            await Task.Yield();
            while (!end.IsCancellationRequested)
            {
                await RunOneAsync(clients, bodies, Stopwatch.GetTimestamp());
            }
        }));

    private async Task RunOpenAsync(double rate, ExtProcClient[] clients, IReadOnlyList<byte[]> bodies, CancellationToken end)
    {
        var random = new Random(2);
        var underWay = new List<Task>();
        long start = Stopwatch.GetTimestamp();
        double due = 0;
        while (!end.IsCancellationRequested)
        {
            due += -Math.Log(1 - random.NextDouble()) / rate;
            TimeSpan left = TimeSpan.FromSeconds(due) - Stopwatch.GetElapsedTime(start);
            if (left > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(left, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (end.IsCancellationRequested)
                {
                    break;
                }
            }

            underWay.RemoveAll(task => task.IsCompletedSuccessfully);
            underWay.Add(RunOneAsync(clients, bodies, start + (long)(due * Stopwatch.Frequency)));
        }

        await Task.WhenAll(underWay);
    }

    private async Task RunOneAsync(ExtProcClient[] clients, IReadOnlyList<byte[]> bodies, long due)
    {
        int number = Interlocked.Increment(ref _next) & int.MaxValue;
        await using ExtProcStream stream = clients[number % clients.Length].Open(CancellationToken.None);
        _results.Enqueue((due, await new Exchange(stream, options).RunAsync(bodies[number % bodies.Count])));
    }
}
