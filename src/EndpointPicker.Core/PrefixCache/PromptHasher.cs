using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.Core.PrefixCache;

/// <summary>
/// Hashes a prompt as its bytes pass. Each lane hashes its blocks by themselves; at the end the ids are chained in the order in which a
/// model server sees the lanes, from a root of model and salt, which may come after the prompt. So nothing of the prompt is kept, and the
/// order of the body's members makes no difference.
/// </summary>
/// <remarks>
/// The functions are the reference's: XXH64 of a block, then XXH64 of that id and the hash before it. A prompt in the messages lane alone
/// hashes to the reference's values; a lane before it is closed by mixing its last, partial block into the chain. Pool the object: warm, it
/// allocates nothing.
/// </remarks>
public sealed class PromptHasher : PromptSink
{
    private readonly PromptLaneHashes[] _lanes = [new(), new(), new()];
    private readonly PromptHasherOptions _options;
    private int[] _ends = new int[4];
    private int _prompts;
    private int _blockTokens;
    private int _maxBlocks;
    private ulong _salt;

    /// <summary>Makes a hasher for blocks of the least size.</summary>
    /// <param name="options">How much of a prompt is hashed.</param>
    public PromptHasher(PromptHasherOptions options)
    {
        _options = options;
        Reset(PromptHasherOptions.MinBlockTokens);
    }

    /// <summary>Forgets everything and keeps the memory, unless one prompt made it unusually large.</summary>
    /// <param name="blockTokens">Tokens in one block; raised to <see cref="PromptHasherOptions.MinBlockTokens"/>.</param>
    public void Reset(int blockTokens)
    {
        _blockTokens = Math.Max(blockTokens, PromptHasherOptions.MinBlockTokens);
        _maxBlocks = _options.MaxBlocks(_blockTokens);
        foreach (PromptLaneHashes lane in _lanes)
        {
            lane.Reset(_blockTokens, _maxBlocks);
        }

        if (_ends.Length > 1024)
        {
            _ends = new int[4];
        }

        _prompts = 0;
        _salt = 0;
    }

    /// <inheritdoc/>
    public override void Text(PromptLane lane, ReadOnlySpan<byte> utf8) => _lanes[(int)lane].Append(utf8);

    /// <inheritdoc/>
    public override void Tokens(PromptLane lane, ReadOnlySpan<uint> ids) => _lanes[(int)lane].Append(ids);

    /// <inheritdoc/>
    public override void Media(PromptLane lane, ulong contentHash, int tokens) => _lanes[(int)lane].Append((uint)contentHash, tokens);

    /// <inheritdoc/>
    public override void Salt(ReadOnlySpan<byte> utf8)
    {
        // A sum, because two salts may come in either order.
        if (!utf8.IsEmpty)
        {
            _salt += XxHash64.Hash(utf8);
        }
    }

    /// <inheritdoc/>
    public override void NextPrompt()
    {
        PromptLaneHashes messages = _lanes[(int)PromptLane.Messages];
        if (!messages.HasPrompt)
        {
            return;
        }

        messages.EndPrompt();
        if (_prompts == _ends.Length)
        {
            Array.Resize(ref _ends, _prompts * 2);
        }

        _ends[_prompts++] = messages.Count;
    }

    /// <summary>Writes the chains of all prompts; the hasher has to be reset before it is used again.</summary>
    /// <param name="model">The model that will run the request, a rewrite included.</param>
    /// <param name="target">Where the chains are added.</param>
    public void Complete(string model, PromptBlocks target)
    {
        byte[]? rented = null;
        int most = Encoding.UTF8.GetMaxByteCount(model.Length);
        Span<byte> utf8 = most <= 512 ? stackalloc byte[512] : rented = ArrayPool<byte>.Shared.Rent(most);
        Complete(utf8[..Encoding.UTF8.GetBytes(model, utf8)], target);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Writes the chains of all prompts; the hasher has to be reset before it is used again.</summary>
    /// <param name="model">The model that will run the request as UTF-8, a rewrite included.</param>
    /// <param name="target">Where the chains are added.</param>
    public void Complete(ReadOnlySpan<byte> model, PromptBlocks target)
    {
        NextPrompt();
        PromptLaneHashes tools = _lanes[(int)PromptLane.Tools];
        PromptLaneHashes system = _lanes[(int)PromptLane.System];
        PromptLaneHashes messages = _lanes[(int)PromptLane.Messages];
        if (_prompts == 0)
        {
            (system.IsEmpty ? tools : system).EndPrompt();
        }

        // As the seed, not behind the model: no model and salt then share a root with a longer model name.
        ulong root = XxHash64.Hash(model, _salt);
        for (int i = 0; i < Math.Max(1, _prompts); i++)
        {
            int start = i == 0 ? 0 : _ends[i - 1];
            ReadOnlySpan<ulong> prompt = _prompts == 0 ? [] : messages.Ids[start.._ends[i]];
            int blocks = (int)Math.Min(_maxBlocks, (long)tools.Count + system.Count + prompt.Length);
            if (blocks > 0)
            {
                Span<ulong> room = target.AddChain(blocks);
                ulong previous = Chain(tools.Ids, root, ref room);
                previous = Close(tools, previous);
                previous = Close(system, Chain(system.Ids, previous, ref room));
                Chain(prompt, previous, ref room);
            }
        }

        tools.EndTokens();
        system.EndTokens();
        target.BlockTokens = _blockTokens;
        target.Tokens += tools.Tokens + system.Tokens + messages.Tokens;
    }

    private static ulong Chain(ReadOnlySpan<ulong> ids, ulong previous, ref Span<ulong> room)
    {
        int count = Math.Min(ids.Length, room.Length);
        for (int i = 0; i < count; i++)
        {
            previous = Mix(ids[i], previous);
            room[i] = previous;
        }

        room = room[count..];
        return previous;
    }

    private static ulong Close(PromptLaneHashes lane, ulong previous) =>
        lane.IsEmpty ? previous : Mix(lane.HasTail ? lane.TailId() : 0, previous);

    private static ulong Mix(ulong id, ulong previous)
    {
        Span<byte> both = stackalloc byte[2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(both, id);
        BinaryPrimitives.WriteUInt64LittleEndian(both[sizeof(ulong)..], previous);
        return XxHash64.Hash(both);
    }
}
