using System.Text;

namespace EndpointPicker.Core.Requests.Readers;

/// <summary>One member of an object.</summary>
/// <param name="text">Its name.</param>
/// <param name="shape">What it may hold.</param>
internal sealed class ShapeMember(string text, Shape shape)
{
    /// <summary>The name for people.</summary>
    public string Text => text;

    /// <summary>The name as it stands in a body.</summary>
    public byte[] Name { get; } = Encoding.UTF8.GetBytes(text);

    /// <summary>What the member may hold.</summary>
    public Shape Shape => shape;

    /// <summary>Whether the name counts in this case alone.</summary>
    public bool IsExactCase { get; init; }
}
