using System.Globalization;
using EndpointPicker.Demo.Programs;
using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Board;

/// <summary>The board as lines of text.</summary>
internal static class BoardText
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static IEnumerable<string> Table(IReadOnlyList<PodSummary> pods)
    {
        yield return "  pod     requests   share   running  waiting    KV %   prefix hits   TTFT p50    p95   end to end p50   adapters in use";
        foreach (PodSummary pod in pods)
        {
            yield return string.Create(
                Culture,
                $"  {pod.Name,-6} {pod.Requests,9} {pod.Share,7:0%} {pod.Load.Running,9:0} {pod.Load.Waiting,8:0} {pod.Load.CacheUsage * 100,7:0.0} {pod.HitRate,13:0%} {Milliseconds(pod.FirstTokenMedian),10} {Milliseconds(pod.FirstTokenTail),6} {Milliseconds(pod.TotalMedian),16}   {pod.Load.Adapters}");
        }
    }

    public static IEnumerable<string> Decisions(IReadOnlyList<Decision> decisions, IReadOnlyList<Pod> pods)
    {
        foreach (Decision decision in decisions)
        {
            yield return $"  {decision.Model,-12} -> {NameOf(decision.Picked, pods)}  {decision.Why(endpoint => NameOf(endpoint, pods))}";
        }
    }

    /// <summary>What there is to say of single requests without the picker's explanation.</summary>
    public static IEnumerable<string> Outcomes(IEnumerable<RequestOutcome> outcomes) => outcomes.Select(outcome => string.Create(
        Culture,
        $"  {outcome.Tenant.Name}  {outcome.Tenant.Model,-12} -> {outcome.Pod ?? $"HTTP {outcome.Status}"}  {outcome.CachedTokens} of {outcome.PromptTokens} prompt tokens were cached"));

    /// <summary>Where each tenant's requests went: the pods that have its prompt and its adapter.</summary>
    public static IEnumerable<string> Tenants(IReadOnlyList<RequestOutcome> outcomes)
    {
        foreach (IGrouping<Tenant, RequestOutcome> tenant in outcomes.Where(outcome => outcome.Pod is not null).GroupBy(outcome => outcome.Tenant).OrderBy(group => group.Key.Name, StringComparer.Ordinal))
        {
            int count = tenant.Count();
            IEnumerable<string> shares = tenant.GroupBy(outcome => outcome.Pod!).OrderByDescending(group => group.Count())
                .Select(group => string.Create(Culture, $"{group.Key} {(double)group.Count() / count:0%}"));
            yield return $"  {tenant.Key.Name}  {tenant.Key.Model,-12} {count,5} requests: {string.Join(", ", shares)}";
        }
    }

    public static string NameOf(string endpoint, IReadOnlyList<Pod> pods) =>
        pods.FirstOrDefault(pod => endpoint.StartsWith(pod.Endpoint, StringComparison.Ordinal))?.Name ?? endpoint;

    private static string Milliseconds(TimeSpan time) => string.Create(Culture, $"{time.TotalMilliseconds:0} ms");
}
