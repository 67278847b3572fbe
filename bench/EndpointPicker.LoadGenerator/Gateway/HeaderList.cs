using System.Text;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace EndpointPicker.LoadGenerator.Gateway;

/// <summary>The headers of one message, one entry a line, names in lower case.</summary>
internal sealed class HeaderList
{
    private readonly List<KeyValuePair<string, string>> _lines = [];

    public IEnumerable<KeyValuePair<string, string>> Lines => _lines;

    public string? this[string name] => _lines.FirstOrDefault(line => line.Key == name).Value;

    /// <summary>A client's request as Envoy shows it: pseudo headers first, then what came, then what Envoy adds.</summary>
    public static HeaderList FromRequest(HttpRequest request, string requestId)
    {
        var headers = new HeaderList();
        headers.Add(":authority", request.Host.Value ?? "");
        headers.Add(":path", request.Path.Value + request.QueryString.Value);
        headers.Add(":method", request.Method);
        headers.Add(":scheme", "http");
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in request.Headers)
        {
            string lower = name.ToLowerInvariant();
            if (lower is "host" or "connection" or "keep-alive" or "proxy-connection" or "upgrade" or "x-request-id")
            {
                continue;
            }

            foreach (string? value in values)
            {
                headers.Add(lower, value ?? "");
            }
        }

        headers.Add("x-forwarded-proto", "http");
        headers.Add("x-request-id", requestId);
        return headers;
    }

    public void Add(string name, string value) => _lines.Add(new KeyValuePair<string, string>(name, value));

    public void Set(string name, string value)
    {
        Remove(name);
        Add(name, value);
    }

    public void Remove(string name) => _lines.RemoveAll(line => line.Key == name);

    public HeaderMap ToProto()
    {
        var map = new HeaderMap();
        foreach ((string name, string value) in _lines)
        {
            map.Headers.Add(new HeaderValue { Key = name, RawValue = ByteString.CopyFrom(value, Encoding.Latin1) });
        }

        return map;
    }

    /// <summary>The lines as HTTP/1.1 writes them.</summary>
    public string ToText() => string.Concat(_lines.Select(line => $"{line.Key}: {line.Value}\r\n"));

    /// <summary>Applies what the default mutation rules allow and ignores the rest, as Envoy 1.40 does.</summary>
    public void Apply(HeaderMutation? mutation)
    {
        if (mutation is null)
        {
            return;
        }

        foreach (string name in mutation.RemoveHeaders)
        {
            string lower = name.ToLowerInvariant();
            if (MayChange(lower) && !lower.StartsWith(':'))
            {
                Remove(lower);
            }
        }

        foreach (HeaderValueOption option in mutation.SetHeaders)
        {
            string lower = option.Header.Key.ToLowerInvariant();
            if (MayChange(lower))
            {
                // A value sent in `value` arrives empty: only raw_value is read.
                Set(lower, option.Header.RawValue.ToString(Encoding.Latin1));
            }
        }
    }

    private static bool MayChange(string name) => name is not ("host" or ":authority" or ":scheme" or ":method") && !name.StartsWith("x-envoy-", StringComparison.Ordinal);
}
