using Microsoft.Extensions.Logging;

namespace EndpointPicker.Core.Tests.RequestControl;

/// <summary>A logger whose lines a test can read.</summary>
internal sealed class LogRecorder<T> : ILogger<T>
{
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Add($"{logLevel}: {formatter(state, exception)}");
}
