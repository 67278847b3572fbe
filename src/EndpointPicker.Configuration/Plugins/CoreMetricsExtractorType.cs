using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.DataLayer;
using EndpointPicker.Configuration.Schemas;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class CoreMetricsExtractorType : OptionsPluginType<EngineMetricsOptions>
{
    private static readonly TextField EngineLabelKey = new(
        "engineLabelKey", EngineMetricsOptions.DefaultEngineLabelKey, "The endpoint label that names the engine.");

    private static readonly TextField DefaultEngine = new("defaultEngine", "vllm", "The engine of endpoints whose label is absent or unknown.");
    private static readonly ObjectListField Engines = new(
        "engineConfigs", EngineParameters.Schema, "Engines beside the built-in ones; one of a built-in name replaces it.");

    public override string Name => "core-metrics-extractor";

    public override string Summary =>
        "Reads queue, load, KV cache and LoRA adapters from metrics pages. Built in are vllm, sglang, trtllm-serve, triton-tensorrt-llm and triton.";

    public override PluginRoles Roles => PluginRoles.Extractor;

    public override Schema Parameters { get; } = new(EngineLabelKey, DefaultEngine, Engines);

    public override void Check(FieldValues values, DiagnosticReport report)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (FieldValues engine in values.Get(Engines))
        {
            EngineParameters.Check(engine, report);
            string name = engine.Get(EngineParameters.Name);
            if (!names.Add(name))
            {
                report.Error(engine.At(EngineParameters.Name), $"two engines are called '{name}'", "keep one of them");
            }
        }

        string[] known = [.. names, .. BuiltInEngines.All.Select(engine => engine.Name)];
        if (!known.Contains(values.Get(DefaultEngine)))
        {
            report.Error(
                values.At(DefaultEngine),
                $"the default engine '{values.Get(DefaultEngine)}' is not known",
                Suggestion.For(values.Get(DefaultEngine), known, "use one of " + string.Join(", ", known)));
        }
    }

    public override EngineMetricsOptions Read(FieldValues values)
    {
        EngineMetrics[] own = [.. values.Get(Engines).Select(EngineParameters.Read)];
        return new EngineMetricsOptions
        {
            EngineLabelKey = values.Get(EngineLabelKey),
            DefaultEngine = values.Get(DefaultEngine),
            Engines = [.. own, .. BuiltInEngines.All.Where(engine => !Array.Exists(own, other => other.Name == engine.Name))],
        };
    }
}
