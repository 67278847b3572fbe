using System.Text;

namespace EndpointPicker.Core.Requests.Parsers;

/// <summary>
/// The configured parsers. A request belongs to the route with the longest suffix of its path, whatever stands before the suffix; where two
/// are equally long, to the parser that was configured first.
/// </summary>
/// <remarks>Immutable; looking up allocates only for a refusal.</remarks>
public sealed class RequestParsers
{
    private readonly RequestRoute[] _routes;
    private readonly RequestRoute? _fallback;

    /// <summary>Takes parsers in their configured order.</summary>
    /// <param name="parsers">The parsers. One that claims nothing takes what is left and ends the list; a second one of a type is left out.</param>
    public RequestParsers(params IReadOnlyList<RequestParser> parsers)
    {
        List<RequestRoute> routes = [];
        List<RequestParser> used = [];
        List<RequestParser> ignored = [];
        foreach (RequestParser parser in parsers)
        {
            if (_fallback is not null || used.Exists(other => other.Type == parser.Type))
            {
                ignored.Add(parser);
                continue;
            }

            used.Add(parser);
            routes.AddRange(parser.Routes);
            if (parser.Routes.Count == 0)
            {
                _fallback = new RequestRoute(parser, "", RequestApi.Passthrough);
            }
        }

        // Stable, so that the first configured of equally long ones stays first.
        _routes = [.. routes.OrderByDescending(route => route.SuffixUtf8.Length)];
        Used = used;
        Ignored = ignored;
    }

    /// <summary>The parsers of a configuration that names none.</summary>
    public static RequestParsers Default { get; } = new(new OpenAiParser(), new AnthropicParser(), new VllmHttpParser(), new PassthroughParser());

    /// <summary>One parser of each type, under the name that configurations use.</summary>
    public static IReadOnlyDictionary<string, RequestParser> Known { get; } = new RequestParser[]
    {
        new OpenAiParser(), new AnthropicParser(), new VllmHttpParser(), new SglangHttpParser(), new PassthroughParser(),
    }.ToDictionary(parser => parser.Type, StringComparer.Ordinal);

    /// <summary>The parsers in use.</summary>
    public IReadOnlyList<RequestParser> Used { get; }

    /// <summary>Parsers that were configured in vain: a second one of a type, or one behind the parser that takes what is left.</summary>
    public IReadOnlyList<RequestParser> Ignored { get; }

    /// <summary>Finds how to read a request.</summary>
    /// <param name="headers">Its headers.</param>
    /// <returns>The route, or the error of a path that no parser takes.</returns>
    public RouteMatch Resolve(HeaderTable headers)
    {
        ReadOnlySpan<byte> path = PathOf(headers);
        RequestRoute? route = Find(path);
        if (route is null)
        {
            return Refuse(path, "no parser registered matching path suffix for: ");
        }

        if (route.IsExact && path.TrimStart((byte)'/').Length != route.SuffixUtf8.Length)
        {
            return Refuse(path, "unsupported path: ");
        }

        return new RouteMatch(route, route.ReadsBody && !IsEncoded(headers), null);
    }

    /// <summary>The path that decides: of <c>:path</c>, else of the headers that keep a rewritten one, without its query.</summary>
    /// <param name="headers">The request's headers.</param>
    /// <returns>The path as it came; <c>/v1/completions</c> where no header has one.</returns>
    public static ReadOnlySpan<byte> PathOf(HeaderTable headers)
    {
        if ((headers.TryGet(":path"u8, out ReadOnlySpan<byte> path) && path.Length > 0)
            || (headers.TryGet("x-original-path"u8, out path) && path.Length > 0)
            || (headers.TryGet("x-forwarded-path"u8, out path) && path.Length > 0))
        {
            int query = path.IndexOf((byte)'?');
            return query < 0 ? path : path[..query];
        }

        return "/v1/completions"u8;
    }

    private RequestRoute? Find(ReadOnlySpan<byte> path)
    {
        path = path.Trim((byte)' ');
        if (path.EndsWith("/"u8))
        {
            path = path[..^1];
        }

        foreach (RequestRoute route in _routes)
        {
            if (path.EndsWith(route.SuffixUtf8))
            {
                return route;
            }
        }

        return _fallback;
    }

    private static bool IsEncoded(HeaderTable headers) =>
        headers.TryGet("content-encoding"u8, out ReadOnlySpan<byte> encoding)
        && (encoding = encoding.Trim((byte)' ')).Length > 0
        && !Ascii.EqualsIgnoreCase(encoding, "identity"u8);

    private static RouteMatch Refuse(ReadOnlySpan<byte> path, string reference)
    {
        string text = Encoding.UTF8.GetString(path);
        return new RouteMatch(null, false, new RequestError($"no configured parser reads requests to {text}; check the path, or add a parser for it")
        {
            ReferenceMessage = reference + text,
        });
    }
}
