using System.Net;
using ModelServerSimulator.Engine;
using ModelServerSimulator.Faults;
using ModelServerSimulator.Http;
using static ModelServerSimulator.Settings.SettingText;

namespace ModelServerSimulator.Hosting;

/// <summary>Every option, in the order of the help.</summary>
internal static class FlagTable
{
    public const string PresetName = "--preset";

    private const string ServerGroup = "Server";
    private const string FaultGroup = "Faults (shares are 0 to 1; at run time POST /admin/config takes the same names without dashes before them)";
    private const string SizeGroup = "Engine size";
    private const string SpeedGroup = "Engine speed (times as 250us, 8ms or 0.5s; a step takes their sum)";

    public static IReadOnlyList<Flag> All { get; } = [.. Server(), .. Size(), .. Speed(), .. Faults()];

    private static IEnumerable<Flag> Server() =>
    [
        OfServer("--host", "ADDRESS", "127.0.0.1", (server, value) => server with { Host = IPAddress.Parse(value).ToString() }),
        OfServer("--port", "N", "8000; 0 takes a free one; \"listening on http://...\" is printed", (server, value) => server with { Port = Number(value) }),
        OfServer("--name", "TEXT", "the port; value of the x-served-by header", (server, value) => server with { Name = value }),
        new(
            ServerGroup,
            "--data-parallel-size",
            "N",
            "1; engines, each on a port of its own, one above the other",
            (options, value) => options with { DataParallelSize = Number(value) }),
        new(
            ServerGroup,
            "--drain-timeout",
            "T",
            "30s; how long requests under way may go on after SIGTERM",
            (options, value) => options with { DrainTimeout = Duration(value) }),
        OfServer("--output-tokens", "N", "64; length of chat answers without max_tokens", (server, value) => server with { OutputTokens = Number(value) }),
        OfServer(
            "--lora-modules",
            "A,B",
            "none; adapters served beside the model, each NAME or NAME=PATH; turns --enable-lora on",
            (server, value) => server with { Adapters = [.. Names(value).Select(LoraModule.Parse)] }),
        OfServer("--enable-lora", "", "adapters can be loaded and unloaded over HTTP", (server, _) => server with { EnableLora = true }),
        OfServer(
            "--lora-paths",
            "P,Q",
            "any; paths that hold an adapter to load, others are answered with 404",
            (server, value) => server with { LoraPaths = Names(value) }),
    ];

    private static IEnumerable<Flag> Size() =>
    [
        new(
            SizeGroup,
            PresetName,
            "NAME",
            "none; a known server's size and speed, other options change it; one of " + string.Join(", ", Preset.All.Select(preset => preset.Name)),
            UsePreset),
        Of(SizeGroup, "--model", "NAME", "demo-model", (engine, value) => engine with { Model = value }) with { Aliases = ["--served-model-name"] },
        Of(SizeGroup, "--max-model-len", "N", "16384; tokens of prompt and answer", (engine, value) => engine with { MaxModelLength = Number(value) }),
        Of(SizeGroup, "--max-num-seqs", "N", "16; sequences that run at once", (engine, value) => engine with { MaxNumSeqs = Number(value) }),
        Of(
            SizeGroup,
            "--max-num-batched-tokens",
            "N",
            "2048; tokens that one step computes",
            (engine, value) => engine with { MaxBatchedTokens = Number(value) }),
        Of(
            SizeGroup,
            "--num-gpu-blocks",
            "N",
            "2048; KV-cache blocks, of which one is kept back",
            (engine, value) => engine with { NumGpuBlocks = Number(value) }) with { Aliases = ["--num-gpu-blocks-override"] },
        Of(SizeGroup, "--block-size", "N", "16; tokens a block", (engine, value) => engine with { BlockSize = Number(value) }),
        Of(SizeGroup, "--max-loras", "N", "2; adapters that one batch can use", (engine, value) => engine with { MaxLoras = Number(value) }),
        Of(SizeGroup, "--no-enable-prefix-caching", "", "prefixes are cached unless this is given", (engine, _) => engine with { PrefixCaching = false }),
    ];

    private static IEnumerable<Flag> Speed() =>
    [
        Of(SpeedGroup, "--step-time", "T", "8ms; what every step costs", (engine, value) => engine with { StepTime = Duration(value) }),
        Of(
            SpeedGroup,
            "--prefill-time-per-token",
            "T",
            "100us; per prompt token of the step",
            (engine, value) => engine with { PrefillTimePerToken = Duration(value) }),
        Of(
            SpeedGroup,
            "--decode-time-per-seq",
            "T",
            "200us; per sequence that gets a token",
            (engine, value) => engine with { DecodeTimePerSequence = Duration(value) }),
        Of(
            SpeedGroup,
            "--decode-time-per-1k-context",
            "T",
            "0us; per thousand tokens that those sequences hold",
            (engine, value) => engine with { DecodeTimePerThousandContextTokens = Duration(value) }),
        Of(SpeedGroup, "--lora-load-time", "T", "100ms; per adapter brought into a slot", (engine, value) => engine with { LoraLoadTime = Duration(value) }),
    ];

    private static IEnumerable<Flag> Faults() =>
    [
        .. FaultSettings.All.Select(setting => new Flag(
            FaultGroup, "--" + setting.Name, setting.Argument, setting.Help, (options, value) => options with { Faults = setting.Set(options.Faults, value) })),
        new(FaultGroup, "--seed", "N", "0; of the dice for the shares", (options, value) => options with { Seed = Number(value) }),
        OfServer(
            "--enable-return-error-header",
            "",
            "a generation whose X-Return-Error header names a status gets that",
            (server, _) => server with { ReturnErrorHeader = true }) with { Group = FaultGroup },
    ];

    private static Flag Of(string group, string name, string argument, string help, Func<EngineOptions, string, EngineOptions> apply) =>
        new(group, name, argument, help, (options, value) => options with { Engine = apply(options.Engine, value) });

    private static Flag OfServer(string name, string argument, string help, Func<ServerOptions, string, ServerOptions> apply) =>
        new(ServerGroup, name, argument, help, (options, value) => options with { Server = apply(options.Server, value) });

    private static SimulatorOptions UsePreset(SimulatorOptions options, string name) => Preset.All.FirstOrDefault(preset => preset.Name == name) is { } found
        ? options with { Engine = found.Options }
        : throw new FormatException();
}
