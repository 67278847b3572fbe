namespace EndpointPicker.Grpc.Health;

/// <summary>The readiness that health reports: NOT_SERVING until told otherwise.</summary>
internal sealed class HealthState(HealthNames names)
{
    // Orders the writers, so that no change is lost between reading the current snapshot and replacing it.
    private readonly Lock _writing = new();
    private volatile HealthSnapshot _current = new(ServingStatus.NotServing, stopped: false);

    public HealthSnapshot Current => _current;

    /// <summary>What service names ask for.</summary>
    public HealthNames Names => names;

    /// <summary>Reports ready or not ready from now on; watchers hear of it when it differs.</summary>
    public void Report(bool ready)
    {
        ServingStatus status = ready ? ServingStatus.Serving : ServingStatus.NotServing;
        lock (_writing)
        {
            if (status != _current.Readiness && !_current.Stopped)
            {
                Replace(new HealthSnapshot(status, stopped: false));
            }
        }
    }

    /// <summary>Ends every watch, and reports NOT_SERVING for good; a watch held open would hold up the stop of the process.</summary>
    public void Stop()
    {
        lock (_writing)
        {
            if (!_current.Stopped)
            {
                Replace(new HealthSnapshot(ServingStatus.NotServing, stopped: true));
            }
        }
    }

    private void Replace(HealthSnapshot next)
    {
        HealthSnapshot previous = _current;
        _current = next;
        previous.Replace();
    }
}
