namespace EndpointPicker.Demo.Screen;

/// <summary>How a piece of text looks; blue and orange are told apart by colour-blind eyes too.</summary>
internal enum Ink
{
    Plain,
    Dim,
    Bold,

    /// <summary>The picker's colour.</summary>
    Picker,

    /// <summary>Round robin's colour.</summary>
    RoundRobin,
    Better,
    Worse,
}
