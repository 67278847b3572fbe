namespace EndpointPicker.Core.Requests;

/// <summary>What a <see cref="JsonScanner"/> reports, in document order. Spans are valid during the call alone.</summary>
internal abstract class JsonVisitor
{
    /// <summary>An object or an array begins.</summary>
    /// <param name="kind"><see cref="JsonKinds.Object"/> or <see cref="JsonKinds.Array"/>.</param>
    public virtual void ContainerStart(JsonKinds kind)
    {
    }

    /// <summary>The innermost object or array ends.</summary>
    public virtual void ContainerEnd()
    {
    }

    /// <summary>The name of the member whose value follows.</summary>
    /// <param name="name">The unescaped name; of one that is longer than <see cref="JsonScanner.LongestName"/>, its beginning.</param>
    public virtual void Name(ReadOnlySpan<byte> name)
    {
    }

    /// <summary>A string value begins.</summary>
    public virtual void StringStart()
    {
    }

    /// <summary>The next bytes of the string: unescaped UTF-8 in any split, where a lone surrogate is U+FFFD.</summary>
    /// <param name="utf8">One byte or more.</param>
    public virtual void StringPiece(ReadOnlySpan<byte> utf8)
    {
    }

    /// <summary>The string ends.</summary>
    public virtual void StringEnd()
    {
    }

    /// <summary>A number.</summary>
    /// <param name="text">Its text; of one that came in pieces and is longer than <see cref="JsonScanner.LongestSplitNumber"/>, its beginning.</param>
    public virtual void Number(ReadOnlySpan<byte> text)
    {
    }

    /// <summary>A literal.</summary>
    /// <param name="kind"><see cref="JsonKinds.True"/>, <see cref="JsonKinds.False"/> or <see cref="JsonKinds.Null"/>.</param>
    public virtual void Literal(JsonKinds kind)
    {
    }

    /// <summary>The document's own bytes between <see cref="JsonScanner.StartRaw"/> and <see cref="JsonScanner.StopRaw"/>, in any split.</summary>
    /// <param name="json">The next bytes.</param>
    public virtual void Raw(ReadOnlySpan<byte> json)
    {
    }
}
