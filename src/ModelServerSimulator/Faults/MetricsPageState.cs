namespace ModelServerSimulator.Faults;

/// <summary>What a scrape gets: the page as it is, the page as it was when it froze, or 404.</summary>
internal enum MetricsPageState
{
    Ok,
    Frozen,
    Missing,
}
