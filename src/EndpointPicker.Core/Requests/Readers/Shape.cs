namespace EndpointPicker.Core.Requests.Readers;

/// <summary>What one place of a request body may hold and what it means. Shapes are made once and shared.</summary>
internal sealed class Shape
{
    /// <summary>The kinds that are accepted.</summary>
    public JsonKinds Allowed { get; init; } = JsonKinds.Any;

    /// <summary>What to do with the value.</summary>
    public ShapeAction Action { get; init; }

    /// <summary>Where its text belongs.</summary>
    public PromptLane Lane { get; init; } = PromptLane.Messages;

    /// <summary>The media that it is.</summary>
    public MediaKind Media { get; init; }

    /// <summary>Which of several output caps it is; the lowest rank that holds a number counts.</summary>
    public int Rank { get; init; }

    /// <summary>The members that matter where it is an object; all others are free.</summary>
    public ShapeMember[] Members { get; init; } = [];

    /// <summary>The elements where it is an array; <see langword="null"/> where they are free.</summary>
    public Shape? Items { get; init; }

    /// <summary>Whether all elements must be of one kind.</summary>
    public bool IsUniform { get; init; }

    /// <summary>Finds a member's shape; an exact name first, then, as Go does, one in other case.</summary>
    /// <param name="name">The member's name.</param>
    /// <returns>Its place in <see cref="Members"/>, or -1.</returns>
    public int Find(ReadOnlySpan<byte> name)
    {
        int other = -1;
        for (int i = 0; i < Members.Length; i++)
        {
            ShapeMember member = Members[i];
            if (member.Name.Length != name.Length)
            {
                continue;
            }

            if (name.SequenceEqual(member.Name))
            {
                return i;
            }

            if (!member.IsExactCase && System.Text.Ascii.EqualsIgnoreCase(name, member.Name))
            {
                other = i;
            }
        }

        return other;
    }
}
