using System.Globalization;
using EndpointPicker.Demo.Programs;
using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Board;

/// <summary>The board as lines of text.</summary>
internal static class BoardText
{
    /// <summary>What the short names in the reasons mean.</summary>
    public const string Legend = "  (prefix: it has more of the prompt in its cache; lora: it has the adapter loaded, or room for one; kv: more free KV cache; queue: a shorter queue)";

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;
    private static readonly string Head =
        $"  {"pod",-6} {"requests",9} {"share",7} {"prompt cached",15} {"first token p50",17} {"p95",8} {"whole answer p50",18}";

    /// <summary>What the clients got from each pod, and what the pods say of themselves.</summary>
    public static IEnumerable<string> LiveTable(IReadOnlyList<PodSummary> pods) =>
    [
        $"{Head}   {"running",7} {"waiting",8} {"KV used",8}   adapters running",
        .. pods.Select(pod => string.Create(Culture, $"{Row(pod)}   {pod.Load.Running,7:0} {pod.Load.Waiting,8:0} {pod.Load.CacheUsage,8:0%}   {pod.Load.Adapters}")),
    ];

    /// <summary>What the clients got from each pod.</summary>
    public static IEnumerable<string> Table(IReadOnlyList<PodSummary> pods) => [Head, .. pods.Select(Row)];

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

    private static string Row(PodSummary pod) => string.Create(
        Culture,
        $"  {pod.Name,-6} {pod.Requests,9} {pod.Share,7:0%} {pod.HitRate,15:0%} {Milliseconds(pod.FirstTokenMedian),17} {Milliseconds(pod.FirstTokenTail),8} {Milliseconds(pod.TotalMedian),18}");

    private static string Milliseconds(TimeSpan time) => string.Create(Culture, $"{time.TotalMilliseconds:0} ms");
}
