namespace EndpointPicker.ExtProc;

/// <summary>What goes with an answer beside its kind; all of it may be absent.</summary>
internal readonly ref struct AnswerDetail
{
    /// <summary>An encoded <c>HeaderMutation</c>.</summary>
    public ReadOnlySpan<byte> Mutation { get; init; }

    /// <summary>An encoded <c>google.protobuf.Struct</c>.</summary>
    public ReadOnlySpan<byte> Metadata { get; init; }

    /// <summary>Whether Envoy shall choose its route anew.</summary>
    public bool ClearRouteCache { get; init; }

    /// <summary>An encoded <c>ProcessingMode</c>.</summary>
    public ReadOnlySpan<byte> ModeOverride { get; init; }
}
