using System.Net;
using EndpointPicker.DataLayer;

namespace EndpointPicker.Tests.DataLayer;

/// <summary>A server that answers when the test says so.</summary>
internal sealed class FakeConnection() : Connection(new IPEndPoint(IPAddress.Loopback, 1))
{
    private Page? _page;
    private bool _closed;

    /// <summary>What every fetch brings; <see langword="null"/> for a server that never answers.</summary>
    public FetchError? Outcome { get; set; } = FetchError.None;

    public byte[] Body { get; set; } = [];

    public Exception? Throws { get; set; }

    public int Begun { get; private set; }

    public int Closed { get; private set; }

    public int OverlappingBegins { get; private set; }

    public override int Status => 0;

    public override void Begin(Page page)
    {
        OverlappingBegins += _page is null ? 0 : 1;
        Begun++;
        _page = page;
        _closed = false;
        page.Begin();
    }

    public override bool Poll()
    {
        if (Throws is { } exception)
        {
            _page = null;
            throw exception;
        }

        if (Outcome is null && !_closed)
        {
            return false;
        }

        Error = _closed ? FetchError.Unreachable : Outcome!.Value;
        if (Error == FetchError.None)
        {
            _page!.Append(Body);
        }

        _page = null;
        return true;
    }

    public override void Close()
    {
        Closed++;
        _closed = true;
    }
}
