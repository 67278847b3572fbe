using System.Diagnostics.CodeAnalysis;

namespace EndpointPicker.Grpc;

/// <summary>Keeps what is idle, up to a limit. What was kept last is taken first, while the cache still has it. From any thread.</summary>
/// <param name="most">How many are kept.</param>
internal sealed class IdleStack<T>(int most)
    where T : class
{
    // Protects the stack.
    private readonly Lock _gate = new();
    private readonly T?[] _kept = new T?[most];
    private int _count;

    /// <summary>Takes one; false where none is kept.</summary>
    public bool TryTake([NotNullWhen(true)] out T? item)
    {
        lock (_gate)
        {
            if (_count == 0)
            {
                item = null;
                return false;
            }

            item = _kept[--_count]!;
            _kept[_count] = null;
            return true;
        }
    }

    /// <summary>Keeps one; false where there are as many as may be kept.</summary>
    public bool TryKeep(T item)
    {
        lock (_gate)
        {
            if (_count == _kept.Length)
            {
                return false;
            }

            _kept[_count++] = item;
            return true;
        }
    }
}
