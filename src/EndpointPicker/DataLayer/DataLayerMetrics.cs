using System.Diagnostics.Metrics;

namespace EndpointPicker.DataLayer;

/// <summary>Counts the scrapes of model servers, and what goes wrong with them.</summary>
internal sealed class DataLayerMetrics
{
    private readonly Counter<long> _polls;
    private readonly Counter<long> _pollErrors;
    private readonly Counter<long> _extractErrors;

    public DataLayerMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create("EndpointPicker");
        _polls = meter.CreateCounter<long>("llm_d_epp_datalayer_polls_total", "", "Polls of a data source that have ended, well or not.");
        _pollErrors = meter.CreateCounter<long>("llm_d_epp_datalayer_poll_errors_total", "", "Polls of a data source that failed.");
        _extractErrors = meter.CreateCounter<long>("llm_d_epp_datalayer_extract_errors_total", "", "Answers of a data source from which not all could be extracted.");
    }

    /// <summary>Counts a fetch that has ended, well or not.</summary>
    public void Polled(string sourceType) => _polls.Add(1, new KeyValuePair<string, object?>("source_type", sourceType));

    /// <summary>Counts a fetch that failed.</summary>
    public void PollFailed(string sourceType) => _pollErrors.Add(1, new KeyValuePair<string, object?>("source_type", sourceType));

    /// <summary>Counts an answer that lacks what it should tell.</summary>
    public void ExtractFailed(string sourceType, string extractorType) =>
        _extractErrors.Add(
            1,
            new KeyValuePair<string, object?>("source_type", sourceType),
            new KeyValuePair<string, object?>("extractor_type", extractorType));
}
