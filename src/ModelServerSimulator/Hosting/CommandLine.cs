using System.Globalization;
using ModelServerSimulator.Engine;
using ModelServerSimulator.Http;

namespace ModelServerSimulator.Hosting;

/// <summary>The command line: vLLM's names where vLLM has the option.</summary>
internal sealed record CommandLine
{
    public const string Help = """
        model-server-sim: answers like a vLLM server and computes nothing.

          --host ADDRESS                 127.0.0.1
          --port N                       8000; 0 takes a free one; "listening on http://..." is printed
          --name TEXT                    value of the x-served-by header; the port
          --model NAME                   demo-model
          --lora-modules A,B             adapters served beside the model
          --max-loras N                  2; adapters that one batch can use
          --max-num-seqs N               16; sequences that run at once
          --num-gpu-blocks N             2048; KV-cache blocks
          --block-size N                 16; tokens a block
          --max-model-len N              16384
          --max-num-batched-tokens N     2048; tokens that one step computes
          --no-enable-prefix-caching
          --step-time T                  8ms; what every step costs (us, ms or s)
          --prefill-time-per-token T     100us
          --decode-time-per-seq T        200us
          --lora-load-time T             100ms
          --output-tokens N              64; length of chat answers without max_tokens
        """;

    public EngineOptions Engine { get; private init; } = new();

    public ServerOptions Server { get; private init; } = new();

    public bool WantsHelp { get; private init; }

    /// <summary>What is wrong with the arguments, or null.</summary>
    public string? Problem { get; private init; }

    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var line = new CommandLine();
        for (int i = 0; i < arguments.Count && line.Problem is null; i++)
        {
            (string name, string? value) = Split(arguments[i]);
            if (name is "--help" or "-h")
            {
                return line with { WantsHelp = true };
            }

            if (name == "--no-enable-prefix-caching")
            {
                line = line with { Engine = line.Engine with { PrefixCaching = false } };
                continue;
            }

            value ??= i + 1 < arguments.Count ? arguments[++i] : null;
            line = value is null ? line with { Problem = $"{name} needs a value" } : line.With(name, value);
        }

        return line.Problem is null ? line with { Problem = line.Check() } : line;
    }

    private string? Check() => Server.Adapters.Count > 0 && Engine.MaxLoras == 0 ? "--lora-modules needs --max-loras of at least 1" : Engine.Problem();

    private CommandLine With(string name, string value)
    {
        try
        {
            return name switch
            {
                "--host" => this with { Server = Server with { Host = value } },
                "--port" => this with { Server = Server with { Port = Number(value) } },
                "--name" => this with { Server = Server with { Name = value } },
                "--output-tokens" => this with { Server = Server with { OutputTokens = Number(value) } },
                "--lora-modules" => this with { Server = Server with { Adapters = value.Split(',', StringSplitOptions.RemoveEmptyEntries) } },
                "--model" or "--served-model-name" => this with { Engine = Engine with { Model = value } },
                "--max-loras" => this with { Engine = Engine with { MaxLoras = Number(value) } },
                "--max-num-seqs" => this with { Engine = Engine with { MaxNumSeqs = Number(value) } },
                "--num-gpu-blocks" or "--num-gpu-blocks-override" => this with { Engine = Engine with { NumGpuBlocks = Number(value) } },
                "--block-size" => this with { Engine = Engine with { BlockSize = Number(value) } },
                "--max-model-len" => this with { Engine = Engine with { MaxModelLength = Number(value) } },
                "--max-num-batched-tokens" => this with { Engine = Engine with { MaxBatchedTokens = Number(value) } },
                "--step-time" => this with { Engine = Engine with { StepTime = Duration(value) } },
                "--prefill-time-per-token" => this with { Engine = Engine with { PrefillTimePerToken = Duration(value) } },
                "--decode-time-per-seq" => this with { Engine = Engine with { DecodeTimePerSequence = Duration(value) } },
                "--lora-load-time" => this with { Engine = Engine with { LoraLoadTime = Duration(value) } },
                _ => this with { Problem = $"unknown option {name}" },
            };
        }
        catch (FormatException)
        {
            return this with { Problem = $"{name} does not take \"{value}\"" };
        }
    }

    private static (string Name, string? Value) Split(string argument)
    {
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static TimeSpan Duration(string text)
    {
        (string digits, long ticks) = text switch
        {
            _ when text.EndsWith("us", StringComparison.Ordinal) => (text[..^2], TimeSpan.TicksPerMicrosecond),
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], TimeSpan.TicksPerMillisecond),
            _ when text.EndsWith('s') => (text[..^1], TimeSpan.TicksPerSecond),
            _ => throw new FormatException(),
        };
        return new TimeSpan((long)(decimal.Parse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * ticks));
    }
}
