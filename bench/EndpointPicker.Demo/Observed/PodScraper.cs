using EndpointPicker.Demo.Programs;

namespace EndpointPicker.Demo.Observed;

/// <summary>Looks at a fleet's own metrics, beside the picker and not through it.</summary>
internal sealed class PodScraper(IReadOnlyList<Pod> pods) : IDisposable
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(2) };
    private PodLoad[] _last = [.. pods.Select(_ => PodLoad.Unknown)];

    /// <summary>One a pod, in the fleet's order; a pod that does not answer keeps what it said last.</summary>
    public async Task<IReadOnlyList<PodLoad>> ScrapeAsync(CancellationToken cancellationToken)
    {
        _last = await Task.WhenAll(pods.Select((pod, i) => ScrapeAsync(pod, _last[i], cancellationToken)));
        return _last;
    }

    public void Dispose() => _client.Dispose();

    private async Task<PodLoad> ScrapeAsync(Pod pod, PodLoad before, CancellationToken cancellationToken)
    {
        try
        {
            return PodLoad.Parse(await _client.GetStringAsync(new Uri(pod.Address, "/metrics"), cancellationToken), before);
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return before;
        }
    }
}
