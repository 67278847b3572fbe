namespace EndpointPicker.Hosting;

/// <summary>The process cannot know where model servers are.</summary>
/// <param name="message">What is missing, where it was looked for, and what to do.</param>
internal sealed class DiscoveryException(string message) : Exception(message);
