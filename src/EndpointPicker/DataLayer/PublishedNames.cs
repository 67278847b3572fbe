using System.Runtime.InteropServices;

namespace EndpointPicker.DataLayer;

/// <summary>A published list of names that stays the same object while the names stay the same.</summary>
internal struct PublishedNames()
{
    /// <summary>The list.</summary>
    public string[] Current { get; private set; } = [];

    /// <summary>Publishes what <paramref name="names"/> holds now.</summary>
    public void Set(List<string> names)
    {
        if (!Current.AsSpan().SequenceEqual(CollectionsMarshal.AsSpan(names)))
        {
            Current = [.. names];
        }
    }
}
