using EndpointPicker.Core.Requests.Responses;

namespace EndpointPicker.Core.Requests.Parsers;

/// <summary>A kind of request that the picker understands, by the reference's name for it. It holds no state; one object serves all.</summary>
public abstract class RequestParser
{
    private protected RequestParser(string type, ResponseFormat responseFormat, bool rewritesModel, params ReadOnlySpan<(string Suffix, RequestApi Api)> claims)
    {
        Type = type;
        ResponseFormat = responseFormat;
        RewritesModel = rewritesModel;
        RequestRoute[] routes = new RequestRoute[claims.Length];
        for (int i = 0; i < claims.Length; i++)
        {
            routes[i] = new RequestRoute(this, claims[i].Suffix, claims[i].Api);
        }

        Routes = routes;
    }

    /// <summary>The type's name in a configuration.</summary>
    public string Type { get; }

    /// <summary>The path suffixes that it claims; none makes it the one that takes all that is left.</summary>
    public IReadOnlyList<RequestRoute> Routes { get; }

    /// <summary>Where answers tell their usage.</summary>
    public ResponseFormat ResponseFormat { get; }

    /// <summary>Whether the model in the body may be replaced.</summary>
    public bool RewritesModel { get; }

    /// <summary>The pool's application protocols with which it works; none is all.</summary>
    public virtual IReadOnlyList<string> AppProtocols => ["kubernetes.io/h2c", "http"];
}
