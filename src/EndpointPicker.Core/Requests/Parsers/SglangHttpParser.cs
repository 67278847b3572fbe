using EndpointPicker.Core.Requests.Responses;

namespace EndpointPicker.Core.Requests.Parsers;

/// <summary><c>sglanghttp-parser</c>: SGLang's own generate API, on the path <c>/generate</c> exactly.</summary>
public sealed class SglangHttpParser() : RequestParser(
    "sglanghttp-parser",
    ResponseFormat.Sglang,
    rewritesModel: false,
    ("generate", RequestApi.SglangGenerate));
