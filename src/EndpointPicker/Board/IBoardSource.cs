namespace EndpointPicker.Board;

/// <summary>Where the board learns what other areas of the process know.</summary>
internal interface IBoardSource
{
    /// <summary>Reads the figures of this moment.</summary>
    BoardFigures Read();
}
