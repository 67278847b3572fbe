namespace EndpointPicker.Core.Requests.Readers;

/// <summary>The request bodies of the engines' own generate APIs.</summary>
internal static class EngineSchemas
{
    /// <summary>vLLM's <c>/inference/v1/generate</c>.</summary>
    /// <returns>The schema.</returns>
    public static RequestSchema Vllm() => new(
        RequestApi.VllmGenerate,
        "generate request",
        [
            Shapes.Model,
            Shapes.Stream,
            new ShapeMember("token_ids", Shapes.Prompt(raw: false, batches: false, single: JsonKinds.Null, elements: JsonKinds.Number)),
            new ShapeMember("sampling_params", new Shape { Members = [Shapes.OutputCap("max_tokens")] }),
            new ShapeMember("features", Features()),
            Shapes.CacheSalt,
        ])
    {
        Required = ["token_ids"],
        ReferenceMissing = "invalid generate request: must have non-empty token_ids field",
        ReferenceMismatch = "invalid generate request: {0}",
        ReferenceMalformed = "",
    };

    /// <summary>SGLang's <c>/generate</c>.</summary>
    /// <param name="dialects">Whether text and batches are accepted, as SGLang itself does.</param>
    /// <returns>The schema.</returns>
    public static RequestSchema Sglang(bool dialects) => new(
        RequestApi.SglangGenerate,
        "generate request",
        [
            new ShapeMember("stream", new Shape { Allowed = Shapes.OptionalBoolean.Allowed, Action = ShapeAction.Stream }),
            new ShapeMember("input_ids", Shapes.Prompt(raw: false, batches: dialects, single: JsonKinds.Null, elements: JsonKinds.Number)),
            new ShapeMember("sampling_params", new Shape { Members = [Shapes.OutputCap("max_new_tokens")] }),
            new ShapeMember("extra_key", Shapes.Salt(JsonKinds.String | JsonKinds.Null)),
            .. dialects ? Text() : [],
        ])
    {
        Required = dialects ? ["input_ids", "text"] : ["input_ids"],
        ReferenceMissing = "invalid generate request: input_ids must be provided",
        ReferenceEmpty = "invalid generate request: input_ids cannot be empty",
        ReferenceMismatch = "invalid generate request: {0}",
        ReferenceMismatchOf = new Dictionary<string, string>
        {
            ["input_ids"] = "invalid generate request: input_ids must be an array of uint32 integers",
            ["extra_key"] = "unsupported generate request: extra_key must be a string",
        },
        ReferenceMalformed = "",
    };

    private static ShapeMember[] Text() =>
    [
        new ShapeMember("text", Shapes.Prompt(raw: false, batches: false, single: JsonKinds.String | JsonKinds.Null, elements: JsonKinds.String)),
    ];

    private static Shape Features() => new()
    {
        Allowed = JsonKinds.Object | JsonKinds.Null,
        Members = [new ShapeMember("mm_hashes", Shapes.OptionalObject), new ShapeMember("mm_placeholders", Shapes.OptionalObject)],
    };
}
