using System.Text;
using Envoy.Service.ExtProc.V3;

namespace EndpointPicker.LoadGenerator.Gateway;

/// <summary>An answer that the gateway gives by itself.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body, text/plain unless a header says otherwise.</param>
/// <param name="Details">Envoy's response code details.</param>
/// <param name="Flags">Envoy's response flags as a number, 0 for none.</param>
internal sealed record LocalReply(int Status, ReadOnlyMemory<byte> Body, string Details, int Flags = 0)
{
    public const int NoHealthyUpstream = 2;
    public const int UpstreamConnectionFailure = 32;
    public const int UpstreamConnectionTermination = 64;
    public const int UpstreamOverflow = 128;

    public HeaderList Headers { get; private init; } = new();

    public static LocalReply Text(int status, string body, string details, int flags = 0)
    {
        var reply = new LocalReply(status, Encoding.ASCII.GetBytes(body), details, flags);
        if (body.Length > 0)
        {
            reply.Headers.Add("content-length", $"{body.Length}");
            reply.Headers.Add("content-type", "text/plain");
        }

        return reply;
    }

    public static LocalReply Overflow()
    {
        LocalReply reply = Reset("overflow", "overflow", UpstreamOverflow);
        reply.Headers.Add("x-envoy-overloaded", "true");
        return reply;
    }

    public static LocalReply Reset(string reason, string detail, int flags) => Text(
        503, "upstream connect error or disconnect/reset before headers. reset reason: " + reason, $"upstream_reset_before_response_started{{{detail}}}", flags);

    /// <summary>The picker's own answer to the client.</summary>
    public static LocalReply From(ImmediateResponse immediate)
    {
        int status = (int)(immediate.Status?.Code ?? 0);
        var reply = new LocalReply(status < 200 ? 200 : status, immediate.Body.Memory, immediate.Details.Replace(' ', '_'));
        reply.Headers.Add("content-length", $"{immediate.Body.Length}");
        if (immediate.Body.Length > 0)
        {
            reply.Headers.Add("content-type", "text/plain");
        }

        reply.Headers.Apply(immediate.Headers);
        return reply;
    }
}
