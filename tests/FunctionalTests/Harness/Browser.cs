using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Testing;

namespace FunctionalTests.Harness;

/// <summary>One page in a headless Chromium, driven over the DevTools protocol; it remembers what the page asked for and what went wrong in it.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--window-size=1280,800", "--remote-debugging-port=0",
    ];

    private readonly ChildProcess _process;
    private readonly string _profile;
    private readonly ClientWebSocket _socket;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _calls = new();
    private readonly Task _reading;
    private volatile TaskCompletionSource _passed = new();
    private int _last;

    private Browser(ChildProcess process, string profile, ClientWebSocket socket)
    {
        _process = process;
        _profile = profile;
        _socket = socket;
        _reading = ReadAsync();
    }

    /// <summary>What was asked for, by address, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Exceptions, errors that scripts logged, and errors of the browser itself.</summary>
    public ConcurrentQueue<string> Errors { get; } = new();

    public static async Task<Browser> StartAsync()
    {
        string chromium = Tools.RequireChromium();
        string profile = Directory.CreateTempSubdirectory("epp-browser-").FullName;
        ChildProcess process = ChildProcess.Start(chromium, [.. Flags, $"--user-data-dir={profile}", "about:blank"]);
        try
        {
            string line = await process.WaitForLineAsync(text => text.Contains("DevTools listening on ws://", StringComparison.Ordinal));
            Uri server = new(line[line.IndexOf("ws://", StringComparison.Ordinal)..]);
            using HttpClient client = new();
            JsonArray targets = JsonNode.Parse(await client.GetStringAsync(new Uri($"http://{server.Authority}/json")).DefaultTimeout())!.AsArray();
            string page = targets.First(target => (string?)target!["type"] == "page")!["webSocketDebuggerUrl"]!.GetValue<string>();
            ClientWebSocket socket = new();
            await socket.ConnectAsync(new Uri(page), CancellationToken.None).DefaultTimeout();
            Browser browser = new(process, profile, socket);
            foreach (string domain in (string[])["Runtime", "Log", "Network", "Page"])
            {
                await browser.CallAsync($"{domain}.enable");
            }

            await browser.CallAsync("Emulation.setFocusEmulationEnabled", new JsonObject { ["enabled"] = true });
            return browser;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public Task OpenAsync(string address) => CallAsync("Page.navigate", new JsonObject { ["url"] = address });

    /// <summary>Evaluates an expression in the page.</summary>
    public async Task<T> EvaluateAsync<T>(string expression)
    {
        JsonElement result = await CallAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true });
        return result.TryGetProperty("exceptionDetails", out JsonElement exception)
            ? throw new InvalidOperationException($"{expression}: {exception}")
            : result.GetProperty("result").TryGetProperty("value", out JsonElement value) ? value.Deserialize<T>()! : default!;
    }

    /// <summary>Waits until an expression is true in the page.</summary>
    public async Task UntilAsync(string expression)
    {
        try
        {
            await Polling.UntilAsync(() => EvaluateAsync<bool>(expression));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"never true: {expression}\n{string.Join('\n', Errors)}\n{await EvaluateAsync<string>("document.body.innerText")}");
        }
    }

    /// <summary>Presses a key where the focus is.</summary>
    public async Task PressAsync(string key)
    {
        foreach (string type in (string[])["keyDown", "keyUp"])
        {
            await CallAsync("Input.dispatchKeyEvent", new JsonObject { ["type"] = type, ["key"] = key });
        }
    }

    /// <summary>Lets time pass in the page, as fast as what is due in it can be done.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        _passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await CallAsync("Emulation.setVirtualTimePolicy", new JsonObject { ["policy"] = "pauseIfNetworkFetchesPending", ["budget"] = time.TotalMilliseconds });
        await _passed.Task.DefaultTimeout();
    }

    /// <summary>Calls a method of the protocol.</summary>
    public async Task<JsonElement> CallAsync(string method, JsonObject? parameters = null)
    {
        int id = Interlocked.Increment(ref _last);
        TaskCompletionSource<JsonElement> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[id] = answer;
        JsonObject call = new() { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(call), WebSocketMessageType.Text, true, _closing.Token);
        return await answer.Task.DefaultTimeout();
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _reading;
        _socket.Dispose();
        _closing.Dispose();
        await _process.DisposeAsync();
        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (IOException)
        {
            // A helper process of the browser may write its last while it dies; the folder is a temporary one.
        }
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        using MemoryStream message = new();
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(buffer.AsMemory(), _closing.Token);
                message.Write(buffer, 0, part.Count);
                if (part.EndOfMessage)
                {
                    using JsonDocument document = JsonDocument.Parse(message.ToArray());
                    Take(document.RootElement);
                    message.SetLength(0);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            foreach (TaskCompletionSource<JsonElement> call in _calls.Values)
            {
                call.TrySetException(new InvalidOperationException("the browser is gone", e));
            }
        }
    }

    private void Take(JsonElement message)
    {
        if (message.TryGetProperty("id", out JsonElement id) && _calls.TryRemove(id.GetInt32(), out TaskCompletionSource<JsonElement>? call))
        {
            call.SetResult(message.TryGetProperty("result", out JsonElement result) ? result.Clone() : message.Clone());
            return;
        }

        JsonElement told = message.TryGetProperty("params", out JsonElement parameters) ? parameters : default;
        switch (message.TryGetProperty("method", out JsonElement method) ? method.GetString() : null)
        {
            case "Network.requestWillBeSent":
                Requests.Enqueue(told.GetProperty("request").GetProperty("url").GetString()!);
                break;
            case "Emulation.virtualTimeBudgetExpired":
                _passed.TrySetResult();
                break;
            case "Runtime.exceptionThrown":
            case "Runtime.consoleAPICalled" when told.GetProperty("type").GetString() == "error":
            case "Log.entryAdded" when told.GetProperty("entry").GetProperty("level").GetString() == "error":
                Errors.Enqueue(told.ToString());
                break;
            default:
                break;
        }
    }
}
