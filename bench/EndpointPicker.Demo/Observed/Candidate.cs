namespace EndpointPicker.Demo.Observed;

/// <summary>An endpoint as one decision saw it: its weighted scores by scorer, and their sum.</summary>
internal sealed record Candidate(string Endpoint, string Destination, double Total, IReadOnlyDictionary<string, double> Scores);
