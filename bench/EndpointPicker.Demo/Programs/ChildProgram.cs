using System.ComponentModel;
using System.Diagnostics;

namespace EndpointPicker.Demo.Programs;

/// <summary>A program that the demo started. Its last output is kept to be shown when it dies, and it ends with the demo.</summary>
internal sealed class ChildProgram : IAsyncDisposable
{
    private const int LinesKept = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Queue<string> _last = new();
    private readonly TaskCompletionSource<string> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile string? _lookedFor;

    private ChildProgram(string name, Process process)
    {
        Name = name;
        _process = process;
    }

    public string Name { get; }

    public bool HasExited => _process.HasExited;

    public static ChildProgram Start(string name, string path, params IEnumerable<string> arguments)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        var child = new ChildProgram(name, process);
        process.OutputDataReceived += (_, line) => child.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => child.Keep(line.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw new StartFailedException($"{name} does not start: {path}: {exception.Message}");
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>The first line that contains <paramref name="text"/>; fails when the program ends or takes too long.</summary>
    public async Task<string> WaitForLineAsync(string text, CancellationToken cancellationToken)
    {
        _lookedFor = text;
        lock (_last)
        {
            if (_last.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } earlier)
            {
                return earlier;
            }
        }

        Task exited = _process.WaitForExitAsync(cancellationToken);
        Task first = await Task.WhenAny(_listening.Task, exited, Task.Delay(Patience, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        return first == _listening.Task ? await _listening.Task : throw Failure($"did not say \"{text}\"");
    }

    /// <summary>Polls a URL until it answers 200; fails when the program ends or takes too long.</summary>
    public async Task WaitUntilOkAsync(HttpClient client, Uri url, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using HttpResponseMessage response = await client.GetAsync(url, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            if (_process.HasExited || Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw Failure($"is not ready: {url}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }

    public StartFailedException Failure(string what)
    {
        string state = _process.HasExited ? $"ended with {_process.ExitCode} and " : "";
        lock (_last)
        {
            return new StartFailedException($"{Name} {state}{what}. Its last output:\n{string.Join('\n', _last.Select(line => "  " + line))}");
        }
    }

    /// <summary>Ends it at once, without waiting for it.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_last)
        {
            _last.Enqueue(line);
            if (_last.Count > LinesKept)
            {
                _last.Dequeue();
            }
        }

        if (_lookedFor is { } text && line.Contains(text, StringComparison.Ordinal))
        {
            _listening.TrySetResult(line);
        }
    }
}
