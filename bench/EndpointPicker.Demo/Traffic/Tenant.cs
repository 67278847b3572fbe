namespace EndpointPicker.Demo.Traffic;

/// <summary>A customer whose users share one long system prompt and one model.</summary>
internal sealed record Tenant(string Name, string Model, string SystemPrompt);
