using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Core.PrefixCache;

/// <summary>
/// The least-recently-used order of one endpoint's blocks, by generations: a block is marked with the generation in which it was last
/// used, a generation closes after 1/32 of the capacity, and what exceeds the capacity goes with the oldest generation, all of it at once
/// and without a visit to the table. A block among the newest eighth is not marked anew, which keeps hot prefixes free of writes.
/// </summary>
/// <remarks>
/// So a block is kept as long as fewer than 3/4 of the capacity in other blocks were used since. Blocks unused for 512 generations go even
/// where there is room: the numbers must be swept from the table before they come round.
/// </remarks>
internal sealed class Holder(Endpoint endpoint, HolderGenerations generations, int capacity)
{
    public const int MaxLive = HolderWord.Generations / 4;

    private readonly int[] _counts = new int[MaxLive * 2];
    private int _newest = (generations.Newest(endpoint.Slot) + 1) & (HolderWord.Generations - 1);
    private int _width = 1;
    private int _young = 1;
    private long _ticks;

    public static int Bytes => MaxLive * 2 * sizeof(int);

    public Endpoint Endpoint => endpoint;

    public int Slot => endpoint.Slot;

    public int Count { get; private set; }

    public int Capacity { get; private set; } = capacity;

    /// <summary>Where the sweep stood when this holder began its present round of <see cref="MaxLive"/> generations.</summary>
    public long SweptAtMark { get; set; }

    /// <summary>Generations left in which the whole table has to be swept once; <see cref="MaxLive"/> at the start of a round.</summary>
    public int TicksLeft => MaxLive - (int)(_ticks % MaxLive);

    public uint Newest => HolderWord.Pack(endpoint.Slot, _newest);

    private int Unit => Math.Max(1, Capacity / 32);

    public void Open() => generations.Publish(Slot, _newest, _width);

    public void Close()
    {
        Count = 0;
        generations.Publish(Slot, _newest, 0);
    }

    public void Resize(int capacity)
    {
        Capacity = capacity;
        while (Count > capacity && _width > 1)
        {
            DropOldest();
        }

        Open();
    }

    public bool IsYoung(uint holder) => ((_newest - (int)HolderWord.Generation(holder)) & (HolderWord.Generations - 1)) < _young;

    /// <summary>Counts a block into the newest generation, after making room for it.</summary>
    /// <returns>Whether a new generation was opened for it.</returns>
    public bool Enter()
    {
        bool ticked = _counts[Index(0)] >= Unit;
        if (ticked)
        {
            Tick();
        }

        bool dropped = false;
        while (Count >= Capacity && _width > 1)
        {
            DropOldest();
            dropped = true;
        }

        if (ticked || dropped)
        {
            Open();
        }

        _counts[Index(0)]++;
        Count++;
        return ticked;
    }

    public void Leave(uint holder)
    {
        _counts[(int)HolderWord.Generation(holder) % _counts.Length]--;
        Count--;
    }

    private void Tick()
    {
        if (_width == MaxLive)
        {
            DropOldest();
        }

        _newest = (_newest + 1) & (HolderWord.Generations - 1);
        _ticks++;
        _counts[Index(0)] = 0;
        _width++;
        int newer = 0;
        for (_young = 1; _young < _width; _young++)
        {
            newer += _counts[Index(_young)];
            if (newer > Capacity / 8)
            {
                break;
            }
        }
    }

    private void DropOldest()
    {
        Count -= _counts[Index(_width - 1)];
        do
        {
            _width--;
        }
        while (_width > 1 && _counts[Index(_width - 1)] == 0);
    }

    private int Index(int age) => (_newest - age) & (_counts.Length - 1);
}
