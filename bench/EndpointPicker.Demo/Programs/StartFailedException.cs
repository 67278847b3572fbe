namespace EndpointPicker.Demo.Programs;

/// <summary>Something that the demo needs did not build, start or become ready; the message is for the user.</summary>
internal sealed class StartFailedException(string message) : Exception(message);
