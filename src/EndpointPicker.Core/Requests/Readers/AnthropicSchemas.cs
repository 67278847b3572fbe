namespace EndpointPicker.Core.Requests.Readers;

/// <summary>The request body of Anthropic's <c>/v1/messages</c>.</summary>
internal static class AnthropicSchemas
{
    private const JsonKinds StringOrArray = JsonKinds.String | JsonKinds.Array | JsonKinds.Null;

    private static readonly Shape Source = Shapes.Media(
        MediaKind.Image,
        bareString: false,
        new ShapeMember("type", Shapes.OptionalString),
        new ShapeMember("media_type", Shapes.OptionalString),
        new ShapeMember("data", Shapes.MediaContent),
        new ShapeMember("url", Shapes.MediaContent));

    /// <summary><c>/v1/messages</c>.</summary>
    /// <returns>The schema.</returns>
    public static RequestSchema Messages() => new(
        RequestApi.AnthropicMessages,
        "messages request",
        [
            Shapes.Model,
            Shapes.Stream,
            Shapes.OutputCap("max_tokens"),
            new ShapeMember("messages", new Shape { Allowed = JsonKinds.Array | JsonKinds.Null, Items = Message() }),
            new ShapeMember("system", System()),
            new ShapeMember("tools", Tools()),
            Shapes.CacheSalt,
        ])
    {
        Required = ["messages"],
        ReferenceMissing = "invalid messages request: must have at least one message",
        ReferenceMismatch = "error parsing messages request: {0}",
        ReferenceMalformed = "error unmarshaling request body: ",
    };

    private static Shape Message() => new()
    {
        Allowed = JsonKinds.Object | JsonKinds.Null,
        Members =
        [
            new ShapeMember("role", Shapes.Text),
            new ShapeMember("content", new Shape { Allowed = StringOrArray, Action = ShapeAction.Text, Items = Block(Result()) }),
        ],
    };

    // What a tool answered: text, or blocks without further nesting.
    private static Shape Result() => new() { Action = ShapeAction.Text, Items = Block(new Shape()) };

    private static Shape Block(Shape content) => new()
    {
        Allowed = JsonKinds.Object | JsonKinds.Null,
        Members =
        [
            new ShapeMember("type", Shapes.OptionalString),
            new ShapeMember("text", Shapes.Text),
            new ShapeMember("thinking", Shapes.Text),
            new ShapeMember("source", Source),
            new ShapeMember("id", Shapes.Text),
            new ShapeMember("name", Shapes.Text),
            new ShapeMember("input", Shapes.Raw(PromptLane.Messages)),
            new ShapeMember("tool_use_id", Shapes.OptionalString),
            new ShapeMember("content", content),
        ],
    };

    private static Shape System() => new()
    {
        Allowed = StringOrArray,
        Action = ShapeAction.Text,
        Lane = PromptLane.System,
        Items = new Shape
        {
            Allowed = JsonKinds.Object | JsonKinds.Null,
            Members =
            [
                new ShapeMember("type", Shapes.OptionalString),
                new ShapeMember(
                    "text",
                    new Shape { Allowed = JsonKinds.String | JsonKinds.Null, Action = ShapeAction.SystemText, Lane = PromptLane.System }),
            ],
        },
    };

    private static Shape Tools() => new()
    {
        Allowed = JsonKinds.Array | JsonKinds.Null,
        Action = ShapeAction.Raw,
        Lane = PromptLane.Tools,
        Items = new Shape
        {
            Allowed = JsonKinds.Object | JsonKinds.Null,
            Members =
            [
                new ShapeMember("name", Shapes.OptionalString),
                new ShapeMember("description", Shapes.OptionalString),
                new ShapeMember("strict", Shapes.OptionalBoolean),
                new ShapeMember("defer_loading", Shapes.OptionalBoolean),
            ],
        },
    };
}
