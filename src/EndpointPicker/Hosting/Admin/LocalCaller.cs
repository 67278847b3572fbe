using System.Net;
using Microsoft.Extensions.Primitives;

namespace EndpointPicker.Hosting.Admin;

/// <summary>
/// Who may see the pages that show requests: somebody on this machine, and no web page of another origin in their browser. The address alone
/// does not tell, because a name that resolves to 127.0.0.1 (DNS rebinding) makes a foreign page's own origin of this port.
/// </summary>
internal static class LocalCaller
{
    /// <summary>Judges a request.</summary>
    /// <returns>Why it is refused, to follow the page's path; <see langword="null"/> where it is not.</returns>
    public static string? Refusal(HttpContext context)
    {
        HttpRequest request = context.Request;
        return context.Connection.RemoteIpAddress is not { } address || !IPAddress.IsLoopback(address) ? "answers loopback only: use kubectl port-forward"
            : !IsLocal(request.Host.Host) ? "answers only where the Host header is localhost or a loopback address: use http://localhost"
            : !IsSameOrigin(request) ? "answers no page of another origin: open its address by itself"
            : null;
    }

    /// <summary>Whether no web page of another origin asks.</summary>
    /// <remarks>A browser says "none" where the user typed the address. Other ports of this machine are the same site but another origin.</remarks>
    public static bool IsSameOrigin(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
        && (StringValues.IsNullOrEmpty(request.Headers.Origin)
            || string.Equals(request.Headers.Origin, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase));

    private static bool IsLocal(string? host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
