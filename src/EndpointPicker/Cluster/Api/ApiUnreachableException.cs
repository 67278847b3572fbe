namespace EndpointPicker.Cluster.Api;

/// <summary>No answer of the API server: the connection could not be made, broke, or took longer than its budget.</summary>
internal sealed class ApiUnreachableException(string message, Exception cause) : Exception(message, cause);
