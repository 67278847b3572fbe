namespace FunctionalTests.Harness;

/// <summary>A proxy, the picker and model servers, whichever proxy it is.</summary>
internal interface IChain : IAsyncDisposable
{
    /// <summary>Where clients connect, on 127.0.0.1.</summary>
    int Port { get; }

    IReadOnlyList<ModelServer> Servers { get; }

    EppProcess Epp { get; }

    /// <summary>What the proxy says of the requests so far, for the message of a failure.</summary>
    string Log { get; }

    /// <summary>Waits until the proxy has a request under way.</summary>
    Task WaitUntilBusyAsync();

    /// <summary>Waits until the proxy has none, neither from clients nor to the picker.</summary>
    Task WaitUntilIdleAsync();
}
