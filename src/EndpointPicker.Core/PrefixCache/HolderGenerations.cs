using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EndpointPicker.Core.PrefixCache;

/// <summary>Which generations of each endpoint slot are alive: all that readers need to tell a live holder from a dead one.</summary>
/// <remarks>One 32-bit word a slot, written by the index's writer: the newest generation above, the number of live ones below.</remarks>
internal sealed class HolderGenerations
{
    private readonly uint[] _spans = new uint[HolderWord.MaxSlots + 1];

    public static int Bytes => (HolderWord.MaxSlots + 1) * sizeof(uint);

    public void Publish(int slot, int newest, int width) => Volatile.Write(ref _spans[slot], ((uint)newest << 16) | (uint)width);

    public int Newest(int slot) => (int)(_spans[slot] >> 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsLive(uint holder)
    {
        uint span = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_spans), HolderWord.Slot(holder));
        return (((span >> 16) - HolderWord.Generation(holder)) & (HolderWord.Generations - 1)) < (span & 0xFFFF);
    }

    public bool AnyLive(ulong word) => IsLive(HolderWord.First(word)) || IsLive(HolderWord.Second(word));

    public ulong WithoutDead(ulong word)
    {
        if (!IsLive(HolderWord.First(word)))
        {
            word = HolderWord.WithFirst(word, HolderWord.None);
        }

        return IsLive(HolderWord.Second(word)) ? word : HolderWord.WithSecond(word, HolderWord.None);
    }
}
