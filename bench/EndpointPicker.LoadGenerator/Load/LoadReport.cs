using System.Diagnostics;
using System.Text.Json;

namespace EndpointPicker.LoadGenerator.Load;

/// <summary>What a run measured, after its warm-up. Streams count where they were due.</summary>
public sealed record LoadReport
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public double PerSecond { get; init; }

    public int Streams { get; init; }

    public int Errors { get; init; }

    public string? FirstError { get; init; }

    /// <summary>From the last request message sent before it to the answer that names a destination.</summary>
    public Latencies DecisionUs { get; init; } = Latencies.Of([]);

    /// <summary>From the stream's due time to the request phase answered whole.</summary>
    public Latencies RequestPhaseUs { get; init; } = Latencies.Of([]);

    public double? ServerCpuUsPerStream { get; init; }

    public double? ServerCores { get; init; }

    public double? ServerRssMib { get; init; }

    public double DriverCores { get; init; }

    public int Endpoints { get; init; }

    public double BusiestEndpointShare { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    internal static LoadReport Create(
        IReadOnlyList<(long Due, ExchangeResult Result)> results, long from, long to, in ProcessUsage before, in ProcessUsage after)
    {
        List<(long Due, ExchangeResult Result)> counted = [.. results.Where(item => item.Due >= from && item.Due < to)];
        List<(long Due, ExchangeResult Result)> good = [.. counted.Where(item => item.Result.Error is null)];
        double seconds = Stopwatch.GetElapsedTime(from, to).TotalSeconds;
        TimeSpan? serverTime = after.Server - before.Server;
        ILookup<string, int> picks = good.Where(item => item.Result.Destination is not null).ToLookup(item => item.Result.Destination!, _ => 1);
        return new LoadReport
        {
            PerSecond = good.Count / seconds,
            Streams = good.Count,
            Errors = results.Count(item => item.Result.Error is not null),
            FirstError = results.FirstOrDefault(item => item.Result.Error is not null).Result.Error,
            DecisionUs = Latencies.Of(good.Where(item => item.Result.Destination is not null).Select(item => item.Result.Decision)),
            RequestPhaseUs = Latencies.Of(good.Select(item => Stopwatch.GetElapsedTime(item.Due, item.Result.Answered))),
            ServerCpuUsPerStream = good.Count == 0 ? null : serverTime?.TotalMicroseconds / good.Count,
            ServerCores = serverTime?.TotalSeconds / seconds,
            ServerRssMib = after.Server is null ? null : after.ServerMemory / 1048576.0,
            DriverCores = (after.Driver - before.Driver).TotalSeconds / seconds,
            Endpoints = picks.Count,
            BusiestEndpointShare = picks.Count == 0 ? 0 : picks.Max(group => (double)group.Count()) / picks.Sum(group => group.Count()),
        };
    }
}
