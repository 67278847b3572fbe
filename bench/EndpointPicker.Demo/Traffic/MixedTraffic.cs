using System.Globalization;

namespace EndpointPicker.Demo.Traffic;

/// <summary>
/// Who asks what, seeded: tenants, some busier than others, each with a system prompt of its own (instructions, tools, examples) before every
/// question; a few of them on a LoRA adapter; now and then a long document that nobody shares. Requests come at random moments of a mean rate.
/// </summary>
internal static class MixedTraffic
{
    private const int Tenants = 24;
    private const int Seed = 42;
    private const int LongestContext = 12_000;

    public static Workload Create(double rate) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{rate:0.#} requests/s at random moments, {Tenants} tenants with system prompts of 1,500 to 4,000 tokens, 4 of them on 2 LoRA adapters, "
            + $"1 in 12 requests a long document"),
        LongestContext,
        IsClosedLoop: false,
        Sessions(rate));

    private static IEnumerable<PlannedSession> Sessions(double rate)
    {
        var random = new Random(Seed);
        string[] systemPrompts = [.. Enumerable.Range(0, Tenants).Select(_ => PromptText.Take(random, random.Next(1_500, 4_000)))];
        double[] shares = [.. Enumerable.Range(0, Tenants).Select(rank => 1 / Math.Sqrt(rank + 1))];
        double all = shares.Sum();
        for (TimeSpan due = TimeSpan.Zero; ; due += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / rate))
        {
            int tenant = Choose(random.NextDouble() * all, shares);
            string question = random.Next(12) == 0 ? PromptText.Take(random, random.Next(3_000, 7_000)) : PromptText.Take(random, random.Next(20, 200));
            int answer = (int)Math.Clamp(60 * Math.Exp(0.7 * Normal(random)), 10, 400);
            bool stream = random.Next(10) < 7;
            string model = ModelOf(tenant);
            var body = new Lazy<byte[]>(() => RequestBody.Chat(model, systemPrompts[tenant], question, answer, stream));
            yield return new PlannedSession(due, [new PlannedTurn(TimeSpan.Zero, model, RequestBody.ChatPath, LongestContext, body)]);
        }
    }

    private static int Choose(double at, double[] shares)
    {
        int chosen = 0;
        while (chosen < shares.Length - 1 && (at -= shares[chosen]) > 0)
        {
            chosen++;
        }

        return chosen;
    }

    private static string ModelOf(int tenant) => tenant switch
    {
        2 or 9 => Models.Adapters[0],
        5 or 12 => Models.Adapters[1],
        _ => Models.Base,
    };

    // Box and Muller's.
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
