using System.Text;
using EndpointPicker.Core.Requests.Responses;

namespace EndpointPicker.Core.Requests.Parsers;

/// <summary>What becomes of requests whose path ends in one suffix.</summary>
public sealed class RequestRoute
{
    internal RequestRoute(RequestParser parser, string suffix, RequestApi api)
    {
        Parser = parser;
        Suffix = suffix;
        SuffixUtf8 = Encoding.UTF8.GetBytes(suffix);
        Api = api;
    }

    /// <summary>The parser that claims the suffix.</summary>
    public RequestParser Parser { get; }

    /// <summary>The suffix without slashes around it; empty for the route that takes all that is left.</summary>
    public string Suffix { get; }

    /// <summary>The API.</summary>
    public RequestApi Api { get; }

    /// <summary>Whether bodies are read; where not, they pass and the pick is made on headers.</summary>
    public bool ReadsBody => Api is not (RequestApi.Passthrough or RequestApi.AnthropicCountTokens);

    /// <summary>Whether the stream may end once the request is placed, as nothing in the answer matters.</summary>
    public bool SkipsResponse => Api == RequestApi.AnthropicCountTokens;

    /// <summary>Whether the model in the body may be replaced; a request without one is refused only then.</summary>
    public bool RewritesModel => Parser.RewritesModel && ReadsBody;

    /// <summary>Where answers tell their usage.</summary>
    public ResponseFormat ResponseFormat => Parser.ResponseFormat;

    internal byte[] SuffixUtf8 { get; }

    internal bool IsExact => Api == RequestApi.SglangGenerate;
}
