namespace EndpointPicker.Core.Requests.Readers;

/// <summary>Shapes that several APIs share.</summary>
internal static class Shapes
{
    /// <summary>A string, or nothing.</summary>
    public static Shape OptionalString { get; } = new() { Allowed = JsonKinds.String | JsonKinds.Null };

    /// <summary>A boolean, or nothing.</summary>
    public static Shape OptionalBoolean { get; } = new() { Allowed = JsonKinds.True | JsonKinds.False | JsonKinds.Null };

    /// <summary>An array, or nothing.</summary>
    public static Shape OptionalArray { get; } = new() { Allowed = JsonKinds.Array | JsonKinds.Null };

    /// <summary>An object, or nothing.</summary>
    public static Shape OptionalObject { get; } = new() { Allowed = JsonKinds.Object | JsonKinds.Null };

    /// <summary>Text of the prompt.</summary>
    public static Shape Text { get; } = new() { Allowed = JsonKinds.String | JsonKinds.Null, Action = ShapeAction.Text };

    /// <summary>Content or address of media.</summary>
    public static Shape MediaContent { get; } = new() { Allowed = JsonKinds.String | JsonKinds.Null, Action = ShapeAction.MediaContent };

    /// <summary>The member that names the model.</summary>
    public static ShapeMember Model { get; } = new("model", new Shape { Action = ShapeAction.Model }) { IsExactCase = true };

    /// <summary>The member that asks for a streamed answer.</summary>
    public static ShapeMember Stream { get; } = new("stream", new Shape { Action = ShapeAction.Stream }) { IsExactCase = true };

    /// <summary>The member that isolates prefix caches.</summary>
    public static ShapeMember CacheSalt { get; } = new("cache_salt", Salt(JsonKinds.String | JsonKinds.Null));

    /// <summary>A value that isolates prefix caches.</summary>
    /// <param name="allowed">The kinds that are accepted.</param>
    /// <returns>The shape.</returns>
    public static Shape Salt(JsonKinds allowed) => new() { Allowed = allowed, Action = ShapeAction.Salt };

    /// <summary>A member that caps the output tokens.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rank">0 for the one that counts first.</param>
    /// <returns>The member.</returns>
    public static ShapeMember OutputCap(string name, int rank = 0) =>
        new(name, new Shape { Action = ShapeAction.OutputCap, Rank = rank }) { IsExactCase = true };

    /// <summary>A value whose JSON belongs to the prompt.</summary>
    /// <param name="lane">Where it belongs.</param>
    /// <param name="allowed">The kinds that are accepted.</param>
    /// <returns>The shape.</returns>
    public static Shape Raw(PromptLane lane, JsonKinds allowed = JsonKinds.Any) => new() { Allowed = allowed, Action = ShapeAction.Raw, Lane = lane };

    /// <summary>Media as an object of its own.</summary>
    /// <param name="media">What it is.</param>
    /// <param name="bareString">Whether a string may stand for the object.</param>
    /// <param name="members">The members that hold its content.</param>
    /// <returns>The shape.</returns>
    public static Shape Media(MediaKind media, bool bareString, params ShapeMember[] members) => new()
    {
        Allowed = JsonKinds.Object | JsonKinds.Null | (bareString ? JsonKinds.String : 0),
        Action = ShapeAction.Media,
        Media = media,
        Members = members,
    };

    /// <summary>One prompt, several, or the token ids of one.</summary>
    /// <param name="raw">Whether its JSON is the prompt instead of its text.</param>
    /// <param name="batches">Whether several lists of token ids are accepted.</param>
    /// <param name="single">The kinds that are accepted beside an array.</param>
    /// <param name="elements">The kinds that are accepted in the array.</param>
    /// <returns>The shape.</returns>
    public static Shape Prompt(bool raw, bool batches, JsonKinds single = JsonKinds.String, JsonKinds elements = JsonKinds.String | JsonKinds.Number)
    {
        ShapeAction inner = raw ? ShapeAction.CheckedId : ShapeAction.Prompt;
        return new Shape
        {
            Allowed = single | JsonKinds.Array,
            Action = raw ? ShapeAction.Raw : ShapeAction.Prompt,
            IsUniform = true,
            Items = new Shape
            {
                Allowed = elements | (batches ? JsonKinds.Array : 0),
                Action = inner,
                Items = new Shape { Allowed = JsonKinds.Number, Action = ShapeAction.CheckedId == inner ? inner : ShapeAction.Prompt },
            },
        };
    }
}
