using System.Net;

namespace EndpointPicker.DataLayer;

/// <summary>
/// Fetches one path from one server again and again, over one connection that is kept. It is driven by polling: nothing here blocks, waits
/// or runs callbacks, so that one loop can drive all servers and none of them can hold up another.
/// </summary>
internal abstract class Connection(IPEndPoint address) : IDisposable
{
    /// <summary>The server.</summary>
    public IPEndPoint Address => address;

    /// <summary>Why the last fetch failed; <see cref="FetchError.None"/> where it did not.</summary>
    public FetchError Error { get; protected set; }

    /// <summary>The answer's status, where there was one.</summary>
    public abstract int Status { get; }

    /// <summary>Starts a fetch. No other may be under way.</summary>
    public abstract void Begin(Page page);

    /// <summary>Moves the fetch on as far as it goes without waiting.</summary>
    /// <returns>Whether the fetch has ended, well or with an <see cref="Error"/>.</returns>
    public abstract bool Poll();

    /// <summary>Drops the connection. A fetch under way fails; it has ended when <see cref="Poll"/> says so.</summary>
    public abstract void Close();

    /// <inheritdoc/>
    public void Dispose() => Close();
}
