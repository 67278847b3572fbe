using System.Globalization;

namespace EndpointPicker.Demo;

/// <summary>The demo's command line.</summary>
internal sealed record DemoOptions
{
    public const string Help = """
        dotnet run --project bench/EndpointPicker.Demo [-- OPTIONS]

          --duration T    60s; how long traffic is sent (s or m)
          --rate N        12; requests a second, at random moments
          --gateway       use the built-in gateway even where there is an Envoy
          --epp PATH      a picker that is already built
          --sim PATH      a model-server-sim that is already built
          --no-build      use what the last run has built
        """;

    public TimeSpan Duration { get; private init; } = TimeSpan.FromSeconds(60);

    public double Rate { get; private init; } = 12;

    public bool UseGateway { get; private init; }

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
                "--no-build" => options with { Build = false },
                "--duration" or "--rate" or "--epp" or "--sim" => options.With(parts[0], parts.Length == 2 ? parts[1] : i + 1 < arguments.Count ? arguments[++i] : null),
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
            case "--rate" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double rate) && rate > 0:
                return this with { Rate = rate };
            case "--duration" when TryDuration(value, out TimeSpan duration):
                return this with { Duration = duration };
            default:
                return this with { Problem = $"{name} does not take \"{value}\"" };
        }
    }

    private static bool TryDuration(string text, out TimeSpan duration)
    {
        int unit = text.EndsWith('m') ? 60 : 1;
        bool valid = double.TryParse(text.TrimEnd('s', 'm'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number > 0;
        duration = TimeSpan.FromSeconds(valid ? number * unit : 0);
        return valid;
    }
}
