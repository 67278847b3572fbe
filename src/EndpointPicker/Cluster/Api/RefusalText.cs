namespace EndpointPicker.Cluster.Api;

/// <summary>Says what a refused list or watch means and what to do about it.</summary>
internal static class RefusalText
{
    /// <summary>A right is missing.</summary>
    public static string Forbidden(ResourceQuery query, string verb, ApiAnswer answer) =>
        $"The API server forbids to {verb} {query.Kind.Plural} in API group \"{query.Kind.Group}\" in namespace {query.Namespace} ({answer}). "
        + $"Grant the verb {verb} on {query.Kind.Plural} in a Role of that namespace, and bind it to the service account of this process.";

    /// <summary>The credentials are no good.</summary>
    public static string Unauthorized(string source, ApiAnswer answer) =>
        $"The API server does not accept the credentials of {source} ({answer}). Check that the token or certificate is of this cluster and has not expired.";

    /// <summary>A kind that was there is not there now, which may pass.</summary>
    public static string Missing(ResourceQuery query, ApiAnswer answer) =>
        $"The API server answers {answer} for {query.Kind}, which it had until now: its CRD was removed, or the server is not itself.";

    /// <summary>The same, where a list is forbidden and discovery does not name the kind.</summary>
    public static string Unnamed(ResourceQuery query) =>
        $"The API server does not name {query.Kind} in version {query.Kind.Version} among its kinds, though it had it until now: its CRD was removed, or the server is not itself.";

    /// <summary>The server's history ends before the place to go on from.</summary>
    public static string Behind(ResourceQuery query, ApiAnswer answer) =>
        $"The API server is behind what was already seen of {query.Kind} ({answer}), as after its data was restored from an older backup: they are listed anew.";

    /// <summary>Anything else.</summary>
    public static string Other(ResourceQuery query, string verb, ApiAnswer answer) => $"The API server answers {answer} to {verb} {query.Kind}.";
}
