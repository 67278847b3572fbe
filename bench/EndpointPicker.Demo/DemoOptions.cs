using System.Globalization;
using EndpointPicker.Demo.Programs;

namespace EndpointPicker.Demo;

/// <summary>The demo's command line.</summary>
internal sealed record DemoOptions
{
    public const string Help = """
        dotnet run --project bench/EndpointPicker.Demo [-- OPTIONS]

        Starts two fleets of simulated vLLM servers, one behind the picker and one behind plain round robin, sends the same
        requests at the same moments to both, and shows what their clients get.

        Traffic
          --duration T    how long requests are sent, such as 30s or 5m                                       60s
          --rate N        requests a second of the built-in traffic, at random moments                        12
          --trace FILE    replay a recorded workload instead: Mooncake, LMCache agent sessions, aibrix or
                          ShareGPT runs as JSON lines, Azure as CSV; plain or gzip, told by content
          --speed X       replay a trace X times as fast as it was recorded                                   1

        Servers
          --pods N        model servers in each fleet, 2 to 16                                                4
          --server SIZE   small: RTX 4090, Llama 3.1 8B, as measured; large: 80 GB GPU                        small where prompts fit
          --gateway       use the built-in gateway even where there is an Envoy (ENVOY_PATH, else the PATH)

        Programs
          --keep          leave everything up after the traffic, until Ctrl-C
          --epp PATH      a picker that is already built
          --sim PATH      a model-server-sim that is already built
          --no-build      use what the last run has built

        Ctrl-C ends all of it. Exit codes: 0 done, 1 something did not start or died, 2 wrong option or trace, 130 interrupted.
        NO_COLOR turns colours off; without a terminal there is a line every few seconds and the table at the end.
        """;

    public TimeSpan Duration { get; private init; } = TimeSpan.FromSeconds(60);

    public double Rate { get; private init; } = 12;

    public string? Trace { get; private init; }

    public double Speed { get; private init; } = 1;

    public int Pods { get; private init; } = 4;

    /// <summary>Null for the smallest in which all prompts fit.</summary>
    public ServerShape? Server { get; private init; }

    public bool UseGateway { get; private init; }

    public bool Keep { get; private init; }

    public string? EppPath { get; private init; }

    public string? SimulatorPath { get; private init; }

    public bool Build { get; private init; } = true;

    public bool WantsHelp { get; private init; }

    public string? Problem { get; private init; }

    public static DemoOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new DemoOptions();
        for (int i = 0; i < arguments.Count && options.Problem is null; i++)
        {
            string[] parts = arguments[i].Split('=', 2);
            options = parts[0] switch
            {
                "--help" or "-h" => options with { WantsHelp = true },
                "--gateway" => options with { UseGateway = true },
                "--keep" => options with { Keep = true },
                "--no-build" => options with { Build = false },
                "--duration" or "--rate" or "--trace" or "--speed" or "--pods" or "--server" or "--epp" or "--sim" =>
                    options.With(parts[0], parts.Length == 2 ? parts[1] : i + 1 < arguments.Count ? arguments[++i] : null),
                _ => options with { Problem = $"unknown option {parts[0]}" },
            };
        }

        return options;
    }

    private DemoOptions With(string name, string? value)
    {
        if (value is null)
        {
            return this with { Problem = $"{name} needs a value" };
        }

        switch (name)
        {
            case "--epp":
                return this with { EppPath = value };
            case "--sim":
                return this with { SimulatorPath = value };
            case "--trace":
                return this with { Trace = value };
            case "--rate" when TryPositive(value, out double rate):
                return this with { Rate = rate };
            case "--speed" when TryPositive(value, out double speed):
                return this with { Speed = speed };
            case "--pods" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int pods) && pods is >= 2 and <= 16:
                return this with { Pods = pods };
            case "--server" when ServerShape.Named(value) is { } server:
                return this with { Server = server };
            case "--duration" when TryDuration(value, out TimeSpan duration):
                return this with { Duration = duration };
            default:
                return this with { Problem = $"{name} does not take \"{value}\"" };
        }
    }

    private static bool TryPositive(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) && number is > 0 and < 1e6;

    private static bool TryDuration(string text, out TimeSpan duration)
    {
        int unit = text.EndsWith('m') ? 60 : 1;
        bool valid = TryPositive(text.EndsWith('m') || text.EndsWith('s') ? text[..^1] : text, out double number);
        duration = TimeSpan.FromSeconds(valid ? number * unit : 0);
        return valid;
    }
}
