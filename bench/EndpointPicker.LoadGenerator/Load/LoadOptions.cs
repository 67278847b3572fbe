using System.Globalization;

namespace EndpointPicker.LoadGenerator.Load;

/// <summary>The load generator's command line.</summary>
public sealed record LoadOptions
{
    public const string Help = """
        epp-load: drives an ext_proc server as Envoy would, one stream a request, and prints one line of JSON.
        epp-load null [--port N]: an ext_proc server that lets everything pass, to compare with.

          --target URL          http://127.0.0.1:9002
          --mode MODE           fds; headers, buffered or fds
          --streams N           32; closed loop: so many streams are under way
          --rate N              open loop instead: streams a second at random moments, late or not
          --duration T          8s; what is counted
          --warmup T            1s; what is not
          --prompt-bytes N      1000; length of the prompt in the body
          --shared SHARE        0.5; how much of it a group's prompts have in common
          --groups N            10; groups of prompts
          --distinct N          256; different bodies
          --chunk N             16384; bytes of a body message
          --response-chunks N   0; events of a streamed answer that is shown too, and must come back
          --hold T              0s; between the request phase and the response, as while a model server computes
          --connections N       1
          --pid N               a process whose CPU time and memory are reported
          --verify=false        accept answers without a destination
        """;

    public Uri Target { get; private init; } = new("http://127.0.0.1:9002");

    public LoadMode Mode { get; private init; } = LoadMode.FullDuplex;

    public int Streams { get; private init; } = 32;

    /// <summary>Streams a second in open loop; null runs the closed loop.</summary>
    public double? Rate { get; private init; }

    public TimeSpan Duration { get; private init; } = TimeSpan.FromSeconds(8);

    public TimeSpan Warmup { get; private init; } = TimeSpan.FromSeconds(1);

    public int PromptBytes { get; private init; } = 1000;

    public double Shared { get; private init; } = 0.5;

    public int Groups { get; private init; } = 10;

    public int Distinct { get; private init; } = 256;

    public int Chunk { get; private init; } = 16 * 1024;

    public int ResponseChunks { get; private init; }

    public TimeSpan Hold { get; private init; } = TimeSpan.Zero;

    public int Connections { get; private init; } = 1;

    public int? ProcessId { get; private init; }

    public bool Verify { get; private init; } = true;

    public bool WantsHelp { get; private init; }

    public string? Problem { get; private init; }

    public static LoadOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new LoadOptions();
        for (int i = 0; i < arguments.Count && options.Problem is null; i++)
        {
            string[] parts = arguments[i].Split('=', 2);
            if (parts[0] is "--help" or "-h")
            {
                return options with { WantsHelp = true };
            }

            string? value = parts.Length == 2 ? parts[1] : i + 1 < arguments.Count ? arguments[++i] : null;
            options = value is null ? options with { Problem = $"{parts[0]} needs a value" } : options.With(parts[0], value);
        }

        return options;
    }

    private LoadOptions With(string name, string value)
    {
        try
        {
            return name switch
            {
                "--target" => this with { Target = new Uri(value, UriKind.Absolute) },
                "--mode" => this with { Mode = ModeOf(value) },
                "--streams" => this with { Streams = Positive(value) },
                "--rate" => this with { Rate = Number(value) },
                "--duration" => this with { Duration = ParseDuration(value) },
                "--warmup" => this with { Warmup = ParseDuration(value) },
                "--prompt-bytes" => this with { PromptBytes = Positive(value) },
                "--shared" => this with { Shared = Math.Clamp(Number(value), 0, 1) },
                "--groups" => this with { Groups = Positive(value) },
                "--distinct" => this with { Distinct = Positive(value) },
                "--chunk" => this with { Chunk = Positive(value) },
                "--response-chunks" => this with { ResponseChunks = int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture) },
                "--hold" => this with { Hold = ParseDuration(value) },
                "--connections" => this with { Connections = Positive(value) },
                "--pid" => this with { ProcessId = Positive(value) },
                "--verify" => this with { Verify = bool.Parse(value) },
                _ => this with { Problem = $"unknown option {name}" },
            };
        }
        catch (FormatException)
        {
            return this with { Problem = $"{name} does not take \"{value}\"" };
        }
    }

    private static LoadMode ModeOf(string text) => text switch
    {
        "headers" => LoadMode.Headers,
        "buffered" => LoadMode.Buffered,
        "fds" => LoadMode.FullDuplex,
        _ => throw new FormatException(),
    };

    private static int Positive(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) is var number and > 0 ? number : throw new FormatException();

    private static double Number(string text) => double.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    private static TimeSpan ParseDuration(string text) => text switch
    {
        _ when text.EndsWith("ms", StringComparison.Ordinal) => TimeSpan.FromMilliseconds(Number(text[..^2])),
        _ when text.EndsWith('m') => TimeSpan.FromMinutes(Number(text[..^1])),
        _ => TimeSpan.FromSeconds(Number(text.TrimEnd('s'))),
    };
}
