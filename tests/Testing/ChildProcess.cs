using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Testing;

/// <summary>A program under test: its output is kept, lines can be awaited, and it never outlives the test.</summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly List<(Func<string, bool> Match, TaskCompletionSource<string> Found)> _waiters = [];

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>All that it has printed so far.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Completes with the exit code.</summary>
    public Task<int> Exited => WaitForExitAsync();

    public static ChildProcess Start(string path, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(path, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        Process process = new() { StartInfo = start };
        ChildProcess child = new(process);
        process.OutputDataReceived += (_, e) => child.Take(e.Data);
        process.ErrorDataReceived += (_, e) => child.Take(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits for a line, printed already or to come; fails with all output when the program ends before.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> match)
    {
        TaskCompletionSource<string> found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiters)
        {
            string? earlier = _lines.FirstOrDefault(match);
            if (earlier is not null)
            {
                return earlier;
            }

            _waiters.Add((match, found));
        }

        Task first = await Task.WhenAny(found.Task, Exited).DefaultTimeout();
        return first == found.Task || found.Task.IsCompleted
            ? await found.Task
            : throw new InvalidOperationException($"{_process.StartInfo.FileName} ended with {_process.ExitCode}:\n{Output}");
    }

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate() => _ = Kill(_process.Id, 15);

    /// <summary>Sends SIGUSR1.</summary>
    public void SignalUser1() => _ = Kill(_process.Id, 10);

    /// <summary>Sends SIGINT, as Ctrl-C does.</summary>
    public void Interrupt() => _ = Kill(_process.Id, 2);

    /// <summary>Sends SIGSTOP: it does nothing until <see cref="Resume"/>, and what comes for it waits.</summary>
    public void Suspend() => _ = Kill(_process.Id, 19);

    /// <summary>Sends SIGCONT.</summary>
    public void Resume() => _ = Kill(_process.Id, 18);

    /// <summary>Sends SIGKILL.</summary>
    public void KillNow() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync().DefaultTimeout();
        }

        _process.Dispose();
    }

    private async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_waiters)
        {
            _lines.Enqueue(line);
            foreach ((Func<string, bool> match, TaskCompletionSource<string> found) in _waiters)
            {
                if (match(line))
                {
                    found.TrySetResult(line);
                }
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int id, int signal);
}
