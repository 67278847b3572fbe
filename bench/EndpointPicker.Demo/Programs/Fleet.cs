using System.Diagnostics;
using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Programs;

/// <summary>Starts the model servers of one side.</summary>
internal static class Fleet
{
    private const string Listening = "listening on ";

    /// <summary>Starts <paramref name="count"/> servers named pod-1, pod-2 and so on, all at once; done when each answers.</summary>
    public static async Task<IReadOnlyList<Pod>> StartAsync(
        RunningPrograms programs, string simulator, ServerShape shape, int count, HttpClient client, CancellationToken cancellationToken)
    {
        ChildProgram[] children =
        [
            .. Enumerable.Range(1, count).Select(i => programs.Start(
                $"pod-{i}", simulator, ["--port", "0", "--name", $"pod-{i}", "--model", Models.Base, "--lora-modules", string.Join(',', Models.Adapters), .. shape.Arguments])),
        ];
        var pods = new List<Pod>();
        foreach (ChildProgram child in children)
        {
            string line = await child.WaitForLineAsync(Listening, cancellationToken);
            var pod = new Pod(child.Name, new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..]).Port);
            await child.WaitUntilOkAsync(client, new Uri(pod.Address, "/health"), cancellationToken);
            pods.Add(pod);
        }

        await Task.WhenAll(pods.Select(pod => WarmUpAsync(pod, cancellationToken)));
        return pods;
    }

    // As servers that have run for a while: their code is compiled, and the gauges that vLLM prints only after its first step are there.
    private static async Task WarmUpAsync(Pod pod, CancellationToken cancellationToken)
    {
        using var users = new Client(pod.Address);
        foreach (string model in (string[])[.. Models.Adapters, Models.Base])
        {
            foreach (bool stream in (bool[])[true, false])
            {
                var body = new Lazy<byte[]>(() => RequestBody.Chat(model, system: null, PromptText.Seeded(pod.Port, 100), outputTokens: 4, stream));
                var turn = new PlannedTurn(TimeSpan.Zero, model, RequestBody.ChatPath, Context: 104, body);
                RequestOutcome outcome = await users.AskAsync(turn, Stopwatch.GetTimestamp(), cancellationToken);
                if (!outcome.IsGood)
                {
                    throw new StartFailedException($"{pod.Name} on {pod.Endpoint} answers a first request with {outcome.Status}");
                }
            }
        }
    }
}
