using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Testing;

namespace ModelServerSimulator.Tests.Fidelity;

/// <summary>A run that a real vLLM made: what it was asked, and when its tokens came. Times are seconds since the clients' start.</summary>
internal sealed record MeasuredRun(IReadOnlyList<MeasuredRun.Request> Requests, IReadOnlyList<MeasuredRun.Second> Seconds)
{
    public static MeasuredRun Load()
    {
        string folder = Path.Combine(Fixtures.Require(), "..", "traces", "vllm-runs");
        if (!Directory.Exists(folder))
        {
            Requirement.Missing("no measured run: the folder traces/vllm-runs is not beside the one that EPP_FIXTURES names");
        }

        List<JsonElement> asked = Lines(folder, "sharegpt-llama-3.1-8b-300.jsonl.gz").ConvertAll(line => JsonElement.Parse(line));
        List<JsonElement> measured = Lines(folder, "rtx4090-llama-3.1-8b/requests.jsonl.gz").ConvertAll(line => JsonElement.Parse(line));

        // The engine's clock against the clients': the request that reached the engine soonest took no time.
        double clientStart = Number(measured[0], "arrival_time") - (Number(asked[0], "arrival_time_ns") / 1e9);
        double engineStart = clientStart + measured.Min(request => Number(request, "queued_ts") - Number(request, "arrival_time"));
        return new MeasuredRun(
            [.. asked.Zip(measured, (request, times) => new Request(
                Number(request, "arrival_time_ns") / 1e9,
                [.. request.GetProperty("input_tok_ids").EnumerateArray().Select(token => token.GetInt32())],
                request.GetProperty("output_toks").GetInt32(),
                Number(times, "first_token_ts") - engineStart,
                Number(times, "last_token_ts") - engineStart))],
            [.. Lines(folder, "rtx4090-llama-3.1-8b/timeseries.csv.gz").Skip(1).Select(Second.Parse)]);
    }

    private static double Number(JsonElement line, string name) => line.GetProperty(name).GetDouble();

    private static List<string> Lines(string folder, string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder, file)), CompressionMode.Decompress));
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    internal sealed record Request(double Arrival, IReadOnlyList<int> Prompt, int OutputTokens, double FirstToken, double LastToken);

    internal readonly record struct Second(double Time, double Running, double Waiting, double CachePercent)
    {
        public static Second Parse(string line)
        {
            double[] columns = [.. line.Split(',').Select(column => double.Parse(column, CultureInfo.InvariantCulture))];
            return new Second(columns[0], columns[3], columns[4], columns[5]);
        }
    }
}
