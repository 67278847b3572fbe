using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EndpointPicker.Tests.Hosting.Tls;

/// <summary>Keeps the names of the events logged, and their texts.</summary>
internal sealed class EventLogger<T> : ILogger<T>
{
    public ConcurrentQueue<string?> Events { get; } = new();

    public ConcurrentQueue<string> Texts { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Texts.Enqueue(formatter(state, exception));
        Events.Enqueue(eventId.Name);
    }
}
