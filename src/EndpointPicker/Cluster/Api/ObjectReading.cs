using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace EndpointPicker.Cluster.Api;

/// <summary>Calls a kind's reader. An object that it refuses is told once, and is no reason to lose the stream.</summary>
/// <typeparam name="T">What the reader makes of an object.</typeparam>
internal sealed class ObjectReading<T>(ResourceReader<T> reader, WatchStatus status)
{
    // Bounds what a namespace full of nonsense costs; beyond it, nothing more is told.
    private const int MaxTold = 1000;

    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <summary>Reads one object.</summary>
    /// <param name="json">A copy of the reader, on the object's first token.</param>
    /// <param name="item">The object.</param>
    /// <returns>Whether it makes sense.</returns>
    public bool TryRead(Utf8JsonReader json, [MaybeNullWhen(false)] out T item)
    {
        Utf8JsonReader start = json;
        string reason = "its reader does not accept it";
        try
        {
            if (reader(ref json, out item))
            {
                if (_told.Count > 0)
                {
                    _told.Remove(ObjectHeader.Of(start).Name);
                }

                return true;
            }
        }
        catch (Exception refusal)
        {
            // Whatever a reader trips over, it is this object that is odd, and no reason to lose all others.
            reason = refusal.Message;
        }

        string name = ObjectHeader.Of(start).Name;
        if (_told.Count < MaxTold && _told.Add(name))
        {
            status.Refused(name, reason);
        }

        item = default;
        return false;
    }
}
