using System.Globalization;
using System.Text;
using ModelServerSimulator.Engine;
using Testing;

namespace ModelServerSimulator.Tests.Fidelity;

/// <summary>The preset of a real GPU against what that GPU did with the same requests.</summary>
public sealed class PresetFidelityTests
{
    private readonly StringBuilder _table = new("| | measured | simulated | error |\n|---|---|---|---|\n");

    // The run's own seconds from 1 to 183; it ends in the 184th.
    private const int Seconds = 182;

    [Fact]
    public void Rtx4090_TheMeasuredRunsRequests_LatenciesAndGaugesAreTheMeasuredOnes()
    {
        MeasuredRun measured = MeasuredRun.Load();
        SimulatedRun simulated = SimulatedRun.Of(measured, Preset.All.Single(preset => preset.Name == "rtx4090-llama-3.1-8b").Options);
        IReadOnlyList<MeasuredRun.Request> requests = measured.Requests;

        Compare("time to first token, s", 0.05, i => requests[i].FirstToken - requests[i].Arrival, i => simulated.FirstTokens[i] - requests[i].Arrival);
        Compare(
            "time per output token, ms",
            0.02,
            i => 1000 * (requests[i].LastToken - requests[i].FirstToken) / (requests[i].OutputTokens - 1),
            i => 1000 * (simulated.LastTokens[i] - simulated.FirstTokens[i]) / (requests[i].OutputTokens - 1));
        Compare("end to end, s", 0.02, i => requests[i].LastToken - requests[i].Arrival, i => simulated.LastTokens[i] - requests[i].Arrival);
        Near("running, mean", 0.02, measured.Seconds.Take(Seconds).Average(second => second.Running), simulated.Seconds.Take(Seconds).Average(second => second.Running));
        Near("waiting, mean", 0.02, measured.Seconds.Take(Seconds).Average(second => second.Waiting), simulated.Seconds.Take(Seconds).Average(second => second.Waiting));
        Near("KV cache %, mean", 0.02, measured.Seconds.Take(Seconds).Average(second => second.CachePercent), simulated.Seconds.Take(Seconds).Average(second => second.CachePercent));
        Near("last token, s", 0.01, requests.Max(request => request.LastToken), simulated.LastTokens.Max());

        // Means can agree by luck; each request by itself hardly: the queue is two minutes long, and order of admission and preemption move it.
        Assert.InRange(Enumerable.Range(0, requests.Count).Average(i => Math.Abs(requests[i].LastToken - simulated.LastTokens[i])), 0, 0.6);
        DocumentPart.Expect("simulator.md", "the measured run", _table.ToString());

        void Compare(string name, double tolerance, Func<int, double> ofMeasured, Func<int, double> ofSimulated)
        {
            double[] expected = [.. Enumerable.Range(0, requests.Count).Select(ofMeasured).Order()];
            double[] actual = [.. Enumerable.Range(0, requests.Count).Select(ofSimulated).Order()];
            Near($"{name}, mean", 0.01, expected.Average(), actual.Average());
            foreach (int percent in (int[])[10, 50, 90, 99])
            {
                int index = expected.Length * percent / 100;
                Near($"{name}, p{percent}", tolerance, expected[index], actual[index]);
            }
        }
    }

    private void Near(string name, double tolerance, double expected, double actual)
    {
        _table.Append(CultureInfo.InvariantCulture, $"| {name} | {expected:0.00} | {actual:0.00} | {100 * ((actual / expected) - 1):+0.0;-0.0} % |\n");
        Assert.True(Math.Abs(actual - expected) <= tolerance * expected, $"{name}: {actual} is further than {tolerance:P0} from {expected}");
    }
}
