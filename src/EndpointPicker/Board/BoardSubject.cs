using EndpointPicker.Core.RequestControl;

namespace EndpointPicker.Board;

/// <summary>What the board is about, for the life of the process.</summary>
/// <param name="Pools">The pools that are served.</param>
/// <param name="StaleAfter">How old signals may be to be believed.</param>
internal sealed record BoardSubject(PoolDirectory Pools, TimeSpan StaleAfter);
