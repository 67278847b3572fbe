namespace EndpointPicker.Core.Requests.Readers;

/// <summary>What a part of a prompt is that is no text.</summary>
internal enum MediaKind
{
    /// <summary>An image.</summary>
    Image,

    /// <summary>A video.</summary>
    Video,

    /// <summary>A sound, or a file of which nothing but its length is known.</summary>
    Audio,
}
