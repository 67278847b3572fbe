namespace EndpointPicker.Core.RequestControl;

/// <summary>Whether the signals of a candidate were believed.</summary>
public enum SignalState
{
    /// <summary>They were young enough.</summary>
    Fresh,

    /// <summary>They were too old: the endpoint counted as never scraped.</summary>
    Stale,

    /// <summary>There were none.</summary>
    NeverScraped,
}
