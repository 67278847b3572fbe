namespace EndpointPicker.Core.Requests.Readers;

/// <summary>The request bodies of OpenAI's APIs as vLLM, SGLang and the reference take them.</summary>
internal static class OpenAiSchemas
{
    private const JsonKinds StringOrArray = JsonKinds.String | JsonKinds.Array | JsonKinds.Null;

    /// <summary><c>/v1/chat/completions</c>.</summary>
    /// <param name="dialects">Whether to accept what engines accept beyond the reference.</param>
    /// <returns>The schema.</returns>
    public static RequestSchema Chat(bool dialects) => new(
        RequestApi.ChatCompletions,
        "chat completions request",
        [
            Shapes.Model,
            Shapes.Stream,
            Shapes.OutputCap("max_completion_tokens"),
            Shapes.OutputCap("max_tokens", rank: 1),
            Messages(dialects),
            new ShapeMember("tools", Shapes.Raw(PromptLane.Tools, JsonKinds.Array | JsonKinds.Null)),
            new ShapeMember("documents", Shapes.OptionalArray),
            new ShapeMember("chat_template", Shapes.OptionalString),
            Shapes.CacheSalt,
            new ShapeMember("return_assistant_tokens_mask", Shapes.OptionalBoolean),
            new ShapeMember("continue_final_message", Shapes.OptionalBoolean),
            new ShapeMember("add_generation_prompt", Shapes.OptionalBoolean),
            new ShapeMember("chat_template_kwargs", Shapes.OptionalObject),
        ])
    {
        Required = ["messages"],
        ReferenceMissing = "invalid chat completions request: must have valid messages field",
    };

    /// <summary><c>/v1/completions</c>.</summary>
    /// <param name="dialects">Whether to accept what engines accept beyond the reference.</param>
    /// <returns>The schema.</returns>
    public static RequestSchema Completions(bool dialects) => new(
        RequestApi.Completions,
        "completions request",
        [
            Shapes.Model,
            Shapes.Stream,
            Shapes.OutputCap("max_tokens"),
            new ShapeMember("prompt", Shapes.Prompt(raw: false, batches: dialects)),
            Shapes.CacheSalt,
        ])
    {
        Required = ["prompt"],
        ReferenceMissing = "invalid completions request: must have prompt field",
    };

    /// <summary><c>/v1/embeddings</c>.</summary>
    /// <param name="dialects">Whether to accept what engines accept beyond the reference.</param>
    /// <returns>The schema.</returns>
    public static RequestSchema Embeddings(bool dialects) => new(
        RequestApi.Embeddings,
        "embeddings request",
        [
            Shapes.Model,
            Shapes.Stream,
            new ShapeMember("input", Shapes.Prompt(raw: true, batches: dialects)),
            Shapes.CacheSalt,
            .. dialects ? [Messages(dialects)] : Array.Empty<ShapeMember>(),
        ])
    {
        Required = dialects ? ["input", "messages"] : ["input"],
        ReferenceMissing = "invalid embeddings request: must have input field",
    };

    /// <summary><c>/v1/responses</c>.</summary>
    /// <returns>The schema.</returns>
    public static RequestSchema Responses() => new(
        RequestApi.Responses,
        "responses request",
        [
            Shapes.Model,
            Shapes.Stream,
            Shapes.OutputCap("max_output_tokens"),
            new ShapeMember("instructions", Shapes.Raw(PromptLane.System)),
            new ShapeMember("tools", Shapes.Raw(PromptLane.Tools)),
            new ShapeMember("input", Items(JsonKinds.Any)),
            Shapes.CacheSalt,
        ])
    {
        Required = ["input"],
        MayBeEmpty = true,
        ReferenceMissing = "invalid responses request: must have input field",
    };

    /// <summary><c>/v1/conversations</c>.</summary>
    /// <returns>The schema.</returns>
    public static RequestSchema Conversations() => new(
        RequestApi.Conversations,
        "conversations request",
        [
            Shapes.Model,
            Shapes.Stream,
            new ShapeMember("items", Items(JsonKinds.Array | JsonKinds.Null)),
            Shapes.CacheSalt,
        ])
    {
        Required = ["items"],
        ReferenceMissing = "invalid conversations request: must have items field",
    };

    /// <summary><c>/v1/images/generations</c>.</summary>
    /// <returns>The schema.</returns>
    public static RequestSchema Images()
    {
        Shape integer = new() { Allowed = JsonKinds.Number | JsonKinds.Null };
        return new RequestSchema(
            RequestApi.ImageGenerations,
            "images generations request",
            [
                Shapes.Model,
                Shapes.Stream,
                new ShapeMember("prompt", Shapes.OptionalString),
                new ShapeMember("n", integer),
                new ShapeMember("num_inference_steps", integer),
                new ShapeMember("size", Shapes.OptionalString),
            ])
        {
            Required = ["prompt"],
            ReferenceMissing = "invalid images generations request: must have prompt field",
        };
    }

    private static ShapeMember Messages(bool dialects)
    {
        ShapeMember url = new("url", Shapes.MediaContent);
        Shape block = new()
        {
            Allowed = JsonKinds.Object | JsonKinds.Null,
            Members =
            [
                new ShapeMember("type", Shapes.OptionalString),
                new ShapeMember("text", Shapes.Text),
                new ShapeMember("image_url", Shapes.Media(MediaKind.Image, dialects, url)),
                new ShapeMember("video_url", Shapes.Media(MediaKind.Video, dialects, url)),
                new ShapeMember(
                    "input_audio",
                    Shapes.Media(MediaKind.Audio, false, new ShapeMember("data", Shapes.MediaContent), new ShapeMember("format", Shapes.MediaContent))),
                .. dialects ? [new ShapeMember("audio_url", Shapes.Media(MediaKind.Audio, true, url))] : Array.Empty<ShapeMember>(),
            ],
        };
        Shape message = new()
        {
            Allowed = JsonKinds.Object | JsonKinds.Null,
            Members =
            [
                new ShapeMember("role", Shapes.Text),
                new ShapeMember("content", new Shape { Allowed = StringOrArray, Action = ShapeAction.Text, Items = block }),
                new ShapeMember("tool_calls", Shapes.Raw(PromptLane.Messages, JsonKinds.Array | JsonKinds.Null)),
            ],
        };
        return new ShapeMember("messages", new Shape { Allowed = JsonKinds.Array | JsonKinds.Null, Items = message });
    }

    // The prompt is the items' JSON, but for the content of media, which counts by what it shows and not by its length.
    private static Shape Items(JsonKinds allowed)
    {
        bool conversation = allowed != JsonKinds.Any;
        JsonKinds text = conversation ? JsonKinds.String | JsonKinds.Null : JsonKinds.Any;
        Shape block = new()
        {
            Members =
            [
                new ShapeMember("image_url", new Shape { Action = ShapeAction.InlineMedia, Media = MediaKind.Image }),
                new ShapeMember("file_data", new Shape { Action = ShapeAction.InlineMedia, Media = MediaKind.Audio }),
                new ShapeMember(
                    "input_audio",
                    new Shape { Members = [new ShapeMember("data", new Shape { Action = ShapeAction.InlineMedia, Media = MediaKind.Audio })] }),
            ],
        };
        Shape item = new()
        {
            Allowed = conversation ? JsonKinds.Object : JsonKinds.Any,
            Members =
            [
                new ShapeMember("type", new Shape { Allowed = text }),
                new ShapeMember("role", new Shape { Allowed = text }),
                new ShapeMember("content", new Shape { Items = block }),
            ],
        };
        return new Shape { Allowed = allowed, Action = ShapeAction.Raw, Items = item };
    }
}
