using EndpointPicker.Core.Requests.Responses;

namespace EndpointPicker.Core.Requests.Parsers;

/// <summary><c>vllmhttp-parser</c>: vLLM's own generate API.</summary>
public sealed class VllmHttpParser() : RequestParser(
    "vllmhttp-parser",
    ResponseFormat.OpenAi,
    rewritesModel: true,
    ("inference/v1/generate", RequestApi.VllmGenerate));
