using EndpointPicker.Demo.Figures;
using EndpointPicker.Demo.Observed;
using EndpointPicker.Demo.Screen;
using EndpointPicker.Demo.Traffic;

namespace EndpointPicker.Demo.Tests.Screen;

/// <summary>A moment of a made-up run.</summary>
internal static class Samples
{
    public static LiveView View { get; } = new(
        TimeSpan.FromSeconds(23),
        TimeSpan.FromSeconds(60),
        TimeSpan.FromSeconds(15),
        "12 requests/s; 2 servers each",
        new Uri("http://127.0.0.1:9090/board"),
        Side(firstToken: 90, cached: 80, new PodLoad(3, 0, 0.2, "lora-sql"), new PodLoad(2, 0, 0.3, "")),
        Side(firstToken: 400, cached: 40, new PodLoad(9, 3, 0.7, "lora-sql"), new PodLoad(5, 1, 0.4, "lora-support")),
        [
            new Decision(2, "lora-sql", "127.0.0.1:1", "Scheduled", null, [Candidate(1, 5.5, 2.5), Candidate(2, 3.25, 0.25)]),
            new Decision(1, "llama-8b", "127.0.0.1:2", "Scheduled", "127.0.0.1:2 scored 3.25, ahead of 127.0.0.1:1", [Candidate(1, 3, 0), Candidate(2, 3.25, 0.25)]),
        ],
        new Dictionary<string, string> { ["127.0.0.1:1"] = "pod-1", ["127.0.0.1:2"] = "pod-2" });

    public static Comparison Comparison { get; } = new(View.Picker.Whole, View.RoundRobin.Whole);

    private static SideView Side(double firstToken, int cached, params PodLoad[] loads)
    {
        RequestOutcome[] outcomes =
        [
            .. Enumerable.Range(0, 40).Select(i => new RequestOutcome(
                i % 8 == 0 ? Models.Adapters[0] : Models.Base,
                $"pod-{1 + (i % 2)}",
                200,
                TimeSpan.FromMilliseconds(firstToken + i),
                TimeSpan.FromMilliseconds(firstToken + 1000 + (i * 10)),
                new TokenUsage(1000, cached * 10, 50))),
        ];
        var figures = SideFigures.Of(45, outcomes);
        return new SideView(figures, figures, PodFigures.Of(["pod-1", "pod-2"], outcomes), loads);
    }

    private static Candidate Candidate(int pod, double total, double prefix) =>
        new($"demo/pod-{pod}", $"127.0.0.1:{pod}", total, new Dictionary<string, double> { ["queue-scorer"] = total - prefix, ["prefix-cache-scorer"] = prefix });
}
