namespace EndpointPicker.Core.Requests.Readers;

/// <summary>What to do with a value, beside checking its kind.</summary>
internal enum ShapeAction
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is the model's name.</summary>
    Model,

    /// <summary>It is the stream flag.</summary>
    Stream,

    /// <summary>It caps the output tokens.</summary>
    OutputCap,

    /// <summary>It isolates prefix caches.</summary>
    Salt,

    /// <summary>Its text belongs to the prompt.</summary>
    Text,

    /// <summary>Its JSON belongs to the prompt.</summary>
    Raw,

    /// <summary>It is a prompt of its own, or a token id of one.</summary>
    Prompt,

    /// <summary>It is a number that must be a token id, nothing more.</summary>
    CheckedId,

    /// <summary>It is text of the prompt, unless it is a billing header.</summary>
    SystemText,

    /// <summary>It is an object that holds media.</summary>
    Media,

    /// <summary>It is the media's content or address.</summary>
    MediaContent,

    /// <summary>It is media as one string, in the midst of raw JSON or instead of an object.</summary>
    InlineMedia,
}
