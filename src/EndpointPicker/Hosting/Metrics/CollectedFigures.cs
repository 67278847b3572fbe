using EndpointPicker.Board;
using EndpointPicker.Hosting.Lifetime;

namespace EndpointPicker.Hosting.Metrics;

/// <summary>Gives the board what the collector has counted, without a collection.</summary>
internal sealed class CollectedFigures(MetricsCollector metrics, Readiness readiness) : IBoardSource
{
    private const string Attempts = "llm_d_epp_scheduler_attempts_total";

    public BoardFigures Read()
    {
        (Dictionary<(string, string), long> picks, long failed) = ReadAttempts();
        (double[] bounds, long[] buckets) = ReadHistogram("llm_d_epp_request_processing_duration_seconds");
        return new BoardFigures
        {
            Version = BuildVersion.Version,
            NotReady = readiness.IsReady ? "" : readiness.Reason,
            Requests = Sum("llm_d_epp_request_total") ?? 0,
            Errors = Sum("llm_d_epp_request_error_total") ?? 0,
            Streams = Sum("llm_d_epp_extproc_streams_inflight"),
            FailedPicks = failed,
            Picks = picks,
            Scrapes = Sum("llm_d_epp_datalayer_polls_total") ?? 0,
            ScrapeErrors = Sum("llm_d_epp_datalayer_poll_errors_total") ?? 0,
            DecisionTimeBounds = bounds,
            DecisionTimes = buckets,
        };
    }

    private long? Sum(string name)
    {
        if (metrics.Find(name) is not { } family)
        {
            return null;
        }

        double sum = 0;
        foreach (Series series in family.Series)
        {
            sum += series.Sum;
        }

        return (long)sum;
    }

    // One series a model and endpoint.
    private (Dictionary<(string, string), long> Picks, long Failed) ReadAttempts()
    {
        Dictionary<(string, string), long> picks = [];
        long failed = 0;
        if (metrics.Find(Attempts) is not { } family)
        {
            return (picks, failed);
        }

        // Names are known once there is a series, so the series are read first.
        Series[] all = [.. family.Series];
        int status = Array.IndexOf(family.LabelNames, "status");
        int name = Array.IndexOf(family.LabelNames, "endpoint_name");
        int space = Array.IndexOf(family.LabelNames, "namespace");
        foreach (Series series in all)
        {
            if (series.Labels[status] == "success")
            {
                (string, string) endpoint = (series.Labels[space], series.Labels[name]);
                picks[endpoint] = picks.GetValueOrDefault(endpoint) + (long)series.Sum;
            }
            else
            {
                failed += (long)series.Sum;
            }
        }

        return (picks, failed);
    }

    private (double[] Bounds, long[] Buckets) ReadHistogram(string name)
    {
        if (metrics.Find(name) is not { } family)
        {
            return ([], []);
        }

        long[] buckets = new long[family.UpperBounds.Length + 1];
        foreach (Series series in family.Series)
        {
            for (int i = 0; i < buckets.Length; i++)
            {
                buckets[i] += series.Buckets[i];
            }
        }

        return (family.UpperBounds.ToArray(), buckets);
    }
}
