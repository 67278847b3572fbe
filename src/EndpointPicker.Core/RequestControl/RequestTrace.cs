using System.Diagnostics;
using System.Text;

namespace EndpointPicker.Core.RequestControl;

/// <summary>The spans of one traced request.</summary>
public sealed class RequestTrace
{
    private readonly byte[] _traceParent;

    internal RequestTrace(Activity request)
    {
        Request = request;
        _traceParent = Encoding.ASCII.GetBytes($"00-{request.TraceId.ToHexString()}-{request.SpanId.ToHexString()}-01");
    }

    /// <summary>The <c>traceparent</c> with which the request goes on to the model server.</summary>
    public ReadOnlySpan<byte> TraceParent => _traceParent;

    /// <summary>From the request's headers to the stream's end.</summary>
    internal Activity Request { get; }

    /// <summary>The decision; <see langword="null"/> before it begins.</summary>
    internal Activity? Decision { get; set; }
}
