using Microsoft.Extensions.Logging;

namespace EndpointPicker.Tests.DataLayer;

/// <summary>A logger that keeps the names of events, and their texts.</summary>
internal class RecordedLog : ILogger
{
    private readonly List<(LogLevel Level, string? Name, string Text)> _events = [];

    public List<string?> Events(LogLevel level)
    {
        lock (_events)
        {
            return [.. _events.Where(e => e.Level == level).Select(e => e.Name)];
        }
    }

    public List<string> Texts(string name)
    {
        lock (_events)
        {
            return [.. _events.Where(e => e.Name == name).Select(e => e.Text)];
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_events)
        {
            _events.Add((logLevel, eventId.Name, formatter(state, exception)));
        }
    }
}

/// <summary>The same, typed.</summary>
internal sealed class RecordedLog<T> : RecordedLog, ILogger<T>;
