namespace EndpointPicker.DataLayer;

/// <summary>When <c>/v1/models</c> is polled.</summary>
internal enum ModelsPolling
{
    /// <summary>Where the metrics page shows that the server serves LoRA adapters.</summary>
    Auto,

    /// <summary>Never.</summary>
    Never,

    /// <summary>On every endpoint.</summary>
    Always,
}
