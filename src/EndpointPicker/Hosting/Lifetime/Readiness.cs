using EndpointPicker.Grpc.Health;

namespace EndpointPicker.Hosting.Lifetime;

/// <summary>
/// Whether this picker should get traffic: it should when every <see cref="ReadinessCondition"/> is met. It starts with the pool unknown and the
/// code cold; what else can stand in the way says so itself.
/// </summary>
internal sealed partial class Readiness(HealthState health, ILogger<Readiness> logger)
{
    // Orders the reports, which come from several tasks: health and log tell the last one.
    private readonly Lock _reporting = new();
    private readonly string?[] _unmet = Initial();
    private volatile string _reason = Join(Initial());
    private volatile string _remark = "";

    public bool IsReady => _reason.Length == 0;

    /// <summary>Why it is not ready, every reason; empty where it is.</summary>
    public string Reason => _reason;

    /// <summary>What is wrong without being a reason to turn traffic away; empty where nothing is.</summary>
    public string Remark
    {
        get => _remark;
        set => _remark = value;
    }

    /// <summary>Reports one condition.</summary>
    /// <param name="condition">Which.</param>
    /// <param name="reason">Why it is not met, for people to read; <see langword="null"/> where it is met.</param>
    public void Set(ReadinessCondition condition, string? reason)
    {
        lock (_reporting)
        {
            if (condition == ReadinessCondition.NotDraining && reason is null)
            {
                return;
            }

            _unmet[(int)condition] = reason;
            string joined = Join(_unmet);
            if (joined == _reason)
            {
                return;
            }

            _reason = joined;
            health.Report(joined.Length == 0);
            if (joined.Length == 0)
            {
                Log.Ready(logger);
            }
            else
            {
                Log.NotReady(logger, joined);
            }
        }
    }

    private static string?[] Initial()
    {
        string?[] unmet = new string?[Enum.GetValues<ReadinessCondition>().Length];
        unmet[(int)ReadinessCondition.Pool] = "the pool's endpoints are not known yet";
        unmet[(int)ReadinessCondition.Warm] = "starting";
        return unmet;
    }

    private static string Join(string?[] unmet) => string.Join("; ", unmet.Where(reason => reason is not null));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Ready", EventName = nameof(Ready))]
        public static partial void Ready(ILogger logger);

        [LoggerMessage(2, LogLevel.Information, "Not ready: {Reason}", EventName = nameof(NotReady))]
        public static partial void NotReady(ILogger logger, string reason);
    }
}
