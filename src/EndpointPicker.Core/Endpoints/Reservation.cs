namespace EndpointPicker.Core.Endpoints;

/// <summary>
/// The place that one request holds on one endpoint: a request in flight and its tokens. It is given back exactly once, whatever ends the
/// request first and however often the end is told; it reaches the endpoint object it was taken on, even when that has left the pool.
/// </summary>
public sealed class Reservation
{
    private Endpoint? _endpoint;
    private long _tokens;
    private bool _tokensUntilEnd;

    /// <summary>The endpoint; <see langword="null"/> where no place is held.</summary>
    public Endpoint? Endpoint => Volatile.Read(ref _endpoint);

    /// <summary>The tokens that are counted on it now.</summary>
    public long Tokens => Volatile.Read(ref _tokens);

    /// <summary>Takes a place if none has been taken or given back since the scoring.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="seen">Its request count when the scoring began.</param>
    /// <returns>Whether the place is taken.</returns>
    public bool TryTake(Endpoint endpoint, int seen)
    {
        if (!endpoint.InFlight.TryReserve(seen))
        {
            return false;
        }

        Hold(endpoint);
        return true;
    }

    /// <summary>Takes a place, whatever has happened since the scoring.</summary>
    /// <param name="endpoint">The endpoint.</param>
    public void Take(Endpoint endpoint)
    {
        endpoint.InFlight.Reserve();
        Hold(endpoint);
    }

    /// <summary>Counts tokens on the endpoint.</summary>
    /// <param name="tokens">How many.</param>
    /// <param name="untilEnd">Whether they stay until the request's end; where not, the response's first token releases them.</param>
    public void ChargeTokens(long tokens, bool untilEnd)
    {
        if (Endpoint is { } endpoint && tokens > 0)
        {
            _tokensUntilEnd |= untilEnd;
            Interlocked.Add(ref _tokens, tokens);
            endpoint.InFlight.AddTokens(tokens);
        }
    }

    /// <summary>Takes note of the response's first token: the prompt has been computed.</summary>
    public void FirstToken()
    {
        if (!_tokensUntilEnd && Endpoint is { } endpoint)
        {
            ReleaseTokens(endpoint);
        }
    }

    /// <summary>Gives the place back; later calls do nothing.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref _endpoint, null) is { } endpoint)
        {
            ReleaseTokens(endpoint);
            endpoint.InFlight.Release();
        }
    }

    /// <summary>Leaves the place to the estimate of <see cref="UnseenRequests"/>, because the request's end will not be seen.</summary>
    /// <param name="now">The moment, in ticks of the time provider.</param>
    public void LeaveUnseen(long now)
    {
        if (Interlocked.Exchange(ref _endpoint, null) is { } endpoint)
        {
            endpoint.Unseen.Add(endpoint.InFlight, now, Interlocked.Exchange(ref _tokens, 0));
        }
    }

    private void Hold(Endpoint endpoint)
    {
        Release();
        _tokensUntilEnd = false;
        Volatile.Write(ref _endpoint, endpoint);
    }

    private void ReleaseTokens(Endpoint endpoint)
    {
        long tokens = Interlocked.Exchange(ref _tokens, 0);
        if (tokens != 0)
        {
            endpoint.InFlight.AddTokens(-tokens);
        }
    }
}
