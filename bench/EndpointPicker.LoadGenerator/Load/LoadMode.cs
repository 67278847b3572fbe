namespace EndpointPicker.LoadGenerator.Load;

/// <summary>What one stream consists of.</summary>
public enum LoadMode
{
    /// <summary>The headers of a GET.</summary>
    Headers,

    /// <summary>Headers, then the whole body when they are answered.</summary>
    Buffered,

    /// <summary>Headers and chunks at once, which must come back.</summary>
    FullDuplex,
}
