using EndpointPicker.Core.Endpoints;
using EndpointPicker.Grpc.Health;

namespace EndpointPicker.Hosting.Lifetime;

/// <summary>Whether this picker should get traffic: its pool is known, its code is warm, and it is not draining.</summary>
internal sealed class Readiness(HealthState health, EndpointPool pool)
{
    // Orders the reports: warm-up and drain come from different tasks, and the last word must be the drain's.
    private readonly Lock _reporting = new();
    private bool _warm;
    private bool _draining;

    public bool IsReady => health.Current.Status == ServingStatus.Serving;

    /// <summary>Why it is not ready; empty where it is.</summary>
    public string Reason
    {
        get
        {
            lock (_reporting)
            {
                return _draining ? "draining" : !pool.Synced ? "the pool's endpoints are not known yet" : !_warm ? "starting" : "";
            }
        }
    }

    public void Started()
    {
        lock (_reporting)
        {
            _warm = true;
            health.Report(pool.Synced && !_draining);
        }
    }

    public void Draining()
    {
        lock (_reporting)
        {
            _draining = true;
            health.Report(ready: false);
        }
    }
}
