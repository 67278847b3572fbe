using EndpointPicker.Demo.Programs;

namespace EndpointPicker.Demo.Board;

/// <summary>Looks at the pods' own metrics, beside the picker and not through it.</summary>
internal sealed class PodScraper(IReadOnlyList<Pod> pods) : IDisposable
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(2) };

    public async Task<IReadOnlyDictionary<string, PodLoad>> ScrapeAsync(CancellationToken cancellationToken)
    {
        var loads = new Dictionary<string, PodLoad>();
        foreach (Pod pod in pods)
        {
            try
            {
                loads[pod.Name] = PodLoad.Parse(await _client.GetStringAsync(new Uri(pod.Address, "/metrics"), cancellationToken));
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                loads[pod.Name] = PodLoad.Unknown;
            }
        }

        return loads;
    }

    public void Dispose() => _client.Dispose();
}
