namespace EndpointPicker.Hosting.Admin;

/// <summary>Why a caller of the metrics port gets nothing.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Text">What to do about it, for people to read.</param>
/// <param name="Challenge">What the caller has to show, as <c>WWW-Authenticate</c> says it; empty where that would not help.</param>
internal sealed record Refusal(int Status, string Text, string Challenge = "");
