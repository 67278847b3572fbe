using System.Runtime.InteropServices;

namespace EndpointPicker.Hosting.Lifetime;

/// <summary>SIGTERM and SIGINT: the first asks for a drain, the second ends the process at once.</summary>
internal sealed class StopRequests : IDisposable
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;

    public StopRequests(Action<int> exit)
    {
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal)];

        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            if (!_first.TrySetResult())
            {
                exit(1);
            }
        }
    }

    /// <summary>Completes with the first signal.</summary>
    public Task First => _first.Task;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }
}
