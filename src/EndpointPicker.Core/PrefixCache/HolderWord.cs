using System.Runtime.CompilerServices;

namespace EndpointPicker.Core.PrefixCache;

/// <summary>
/// The bits of the table. A slot is two words; a word is half of a 36-bit block tag and two holders of 23 bits: 12 of endpoint slot, 11 of
/// generation. Both halves must match, so a reader that sees half of a replaced slot sees no match.
/// </summary>
internal static class HolderWord
{
    public const int HolderBits = 23;
    public const int SlotBits = 12;
    public const int Generations = 1 << (HolderBits - SlotBits);
    public const int MaxSlots = NoSlot;
    public const ulong TagMask = ~0UL << (2 * HolderBits);
    public const uint None = NoSlot;

    private const int NoSlot = (1 << SlotBits) - 1;
    private const uint HolderMask = (1u << HolderBits) - 1;

    // Tag 0 is kept free, so that two zero words are an empty slot and nothing else.
    public static ulong Tag(ulong hash) => Math.Max(1, hash >> 28);

    public static ulong HighTag(ulong tag) => tag >> 18 << (2 * HolderBits);

    public static ulong LowTag(ulong tag) => tag << (2 * HolderBits);

    public static ulong Tag(ulong high, ulong low) => (high >> (2 * HolderBits) << 18) | (low >> (2 * HolderBits));

    public static uint Pack(int slot, int generation) => ((uint)generation << SlotBits) | (uint)slot;

    public static uint Slot(uint holder) => holder & NoSlot;

    public static uint Generation(uint holder) => holder >> SlotBits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint First(ulong word) => (uint)word & HolderMask;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Second(ulong word) => (uint)(word >> HolderBits) & HolderMask;

    public static ulong WithFirst(ulong word, uint holder) => (word & ~(ulong)HolderMask) | holder;

    public static ulong WithSecond(ulong word, uint holder) => (word & ~((ulong)HolderMask << HolderBits)) | ((ulong)holder << HolderBits);

    public static ulong Unheld(ulong tagPart) => tagPart | ((ulong)None << HolderBits) | None;
}
