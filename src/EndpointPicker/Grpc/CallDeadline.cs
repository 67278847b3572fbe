namespace EndpointPicker.Grpc;

/// <summary>The time limit of one call: a token that also follows the client's abort, and a callback once at expiry.</summary>
internal sealed class CallDeadline : IDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _either;
    private CancellationTokenRegistration _onExpiry;

    public CallDeadline(TimeSpan timeout, TimeProvider timeProvider, CancellationToken aborted)
    {
        _timer = new CancellationTokenSource(timeout, timeProvider);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, aborted);
    }

    public bool Expired => _timer.IsCancellationRequested;

    /// <summary>Cancelled at expiry and when the client goes away.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Calls the stream back at expiry, from a timer thread.</summary>
    public void OnExpiry(Action<object?> callback, object state) => _onExpiry = _timer.Token.UnsafeRegister(callback, state);

    public void Dispose()
    {
        // Waits for a running callback: after this nothing touches a request whose pipes Kestrel reuses.
        _onExpiry.Dispose();
        _either.Dispose();
        _timer.Dispose();
    }
}
