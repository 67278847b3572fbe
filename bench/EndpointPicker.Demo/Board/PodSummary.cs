namespace EndpointPicker.Demo.Board;

/// <summary>One line of the table.</summary>
internal sealed record PodSummary(
    string Name, int Requests, double Share, PodLoad Load, double HitRate, TimeSpan FirstTokenMedian, TimeSpan FirstTokenTail, TimeSpan TotalMedian);
