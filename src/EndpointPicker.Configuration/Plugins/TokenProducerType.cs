using EndpointPicker.Configuration.Catalog;
using EndpointPicker.Configuration.Schemas;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.Configuration.Plugins;

internal sealed class TokenProducerType : OptionsPluginType<TokenEstimateOptions>
{
    private static readonly RawField Vllm = new("vllm", "Tokens from a vLLM server; not built here yet.");
    private static readonly RawField Uds = new("udsTokenizerConfig", "Tokens from a socket; not built here.");
    private static readonly RawField ModelName = new("modelName", "The model of the vllm mode.");

    public override string Name => "token-producer";

    public override string Summary => "Estimates the tokens of a prompt: one for four bytes of text, and images and videos by their size.";

    public override PluginRoles Roles => PluginRoles.DataProducer;

    public override IReadOnlyList<string> DeprecatedNames => ["tokenizer"];

    public override Schema Parameters { get; } = new(EstimateParameters.Estimate, ModelName, Vllm, Uds);

    public override IReadOnlyList<DataKey> Produces => [DataKey.TokenizedPrompt];

    public override void Check(FieldValues values, DiagnosticReport report)
    {
        foreach (RawField mode in (RawField[])[Vllm, Uds])
        {
            if (values.Has(mode))
            {
                report.Error(values.At(mode), $"the mode '{mode.Name}' of token-producer is not built here yet", "remove it: tokens are estimated then");
            }
        }

        if (values.Has(ModelName) && !values.Has(Vllm))
        {
            report.Warning(values.At(ModelName), "modelName has no effect where tokens are estimated", "remove it");
        }
    }

    public override TokenEstimateOptions Read(FieldValues values) => EstimateParameters.Read(values.Get(EstimateParameters.Estimate));
}
