namespace EndpointPicker.Core.Scheduling;

/// <summary>A plugin with the identity that configuration gives it; metrics and explanations show it.</summary>
/// <typeparam name="T">The kind of plugin.</typeparam>
/// <param name="Type">Its type, such as <c>queue-scorer</c>.</param>
/// <param name="Name">Its name, unique in the configuration.</param>
/// <param name="Plugin">The plugin.</param>
public sealed record Named<T>(string Type, string Name, T Plugin);
