namespace EndpointPicker.Cluster.Api;

/// <summary>The way to the API server cannot be told from the files and variables at hand. The message says what is wrong, where, and what to do.</summary>
internal sealed class ClusterAccessException(string message, Exception? cause = null) : Exception(message, cause);
