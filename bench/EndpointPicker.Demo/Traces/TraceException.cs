namespace EndpointPicker.Demo.Traces;

/// <summary>A trace cannot be used; the message names the file, the line and what was expected.</summary>
internal sealed class TraceException(string message) : Exception(message);
