namespace ModelServerSimulator.Engine;

internal sealed partial class InferenceEngine
{
    /// <summary>Forms the next batch; how long it computes, or null when there is nothing to do.</summary>
    public TimeSpan? BeginStep()
    {
        lock (_lock)
        {
            _batch.Clear();
            var step = new StepCost(_options);
            bool preempted = ScheduleRunning(ref step);
            if (!preempted)
            {
                ScheduleWaiting(ref step);
            }

            return _batch.Count == 0 ? null : step.Duration;
        }
    }

    private bool ScheduleRunning(ref StepCost step)
    {
        bool preempted = false;
        for (int i = 0; i < _running.Count && step.Budget > 0; i++)
        {
            Sequence sequence = _running[i];
            int wanted = Math.Min(sequence.Tokens.Count - sequence.Computed, step.Budget);
            while (_blocks.Free < MissingBlocks(sequence, wanted) && _running.Count > i)
            {
                Preempt(_running[^1]);
                preempted = true;
            }

            if (_running.Count > i)
            {
                AddToBatch(sequence, wanted, ref step);
            }
        }

        return preempted;
    }

    private void ScheduleWaiting(ref StepCost step)
    {
        HashSet<string> adapters = RunningAdapters();
        LinkedListNode<Sequence>? node = _waiting.First;
        while (node is not null && step.Budget > 0 && _running.Count < _options.MaxNumSeqs)
        {
            LinkedListNode<Sequence>? next = node.Next;
            Sequence sequence = node.Value;
            if (sequence.Request.Adapter is { } wantedAdapter && !_slots.Admits(wantedAdapter, adapters))
            {
                node = next;
                continue;
            }

            int hits = CountCachedBlocks(sequence, out int unusedHits);
            int wanted = Math.Min(sequence.Tokens.Count - (hits * _options.BlockSize), step.Budget);

            // The whole sequence must fit, though only a piece of it may be computed now: else pieces of many would fill the cache and push each other out.
            if (_blocks.Free - unusedHits < CeilingBlocks(sequence.Tokens.Count) - hits)
            {
                return;
            }

            _waiting.Remove(node);
            Start(sequence, hits);
            if (sequence.Request.Adapter is { } adapter)
            {
                step.LoraLoads += _slots.Use(adapter, adapters) ? 1 : 0;
                adapters.Add(adapter);
            }

            AddToBatch(sequence, wanted, ref step);
            node = next;
        }
    }

    private void Start(Sequence sequence, int hits)
    {
        for (int i = 0; i < hits; i++)
        {
            int block = _blocks.Find(sequence.Keys!.At(i, sequence.Tokens));
            _blocks.Share(block);
            sequence.Blocks.Add(block);
        }

        sequence.Labelled = hits;
        sequence.Computed = hits * _options.BlockSize;
        _running.Add(sequence);
        if (sequence.Times.Scheduled == 0)
        {
            sequence.Times.Scheduled = _time.GetTimestamp();
            sequence.CachedTokens = sequence.Computed;
            _busy.Begin(sequence.Request.Adapter);
            _metrics.PrefixQueries += sequence.PromptLength;
            _metrics.PrefixHits += sequence.CachedTokens;
        }
    }

    private void AddToBatch(Sequence sequence, int tokens, ref StepCost step)
    {
        for (int i = MissingBlocks(sequence, tokens); i > 0; i--)
        {
            sequence.Blocks.Add(_blocks.Take());
        }

        // Labelled when scheduled, not when computed: a later sequence of the same batch may already share the block.
        int full = (sequence.Computed + tokens) / _options.BlockSize;
        for (; _options.PrefixCaching && sequence.Labelled < full; sequence.Labelled++)
        {
            _blocks.Label(sequence.Blocks[sequence.Labelled], sequence.Keys!.At(sequence.Labelled, sequence.Tokens));
        }

        if (tokens == 1 && sequence.Computed >= sequence.PromptLength)
        {
            step.AddDecode(sequence.Computed + tokens);
        }
        else
        {
            step.AddPrefill(tokens);
        }

        sequence.Scheduled = tokens;
        _batch.Add(sequence);
    }

    // At least one token is always computed, since the step's result is the token after it.
    private int CountCachedBlocks(Sequence sequence, out int unused)
    {
        unused = 0;
        int most = _options.PrefixCaching ? (sequence.Tokens.Count - 1) / _options.BlockSize : 0;
        for (int i = 0; i < most; i++)
        {
            int block = _blocks.Find(sequence.Keys!.At(i, sequence.Tokens));
            if (block < 0)
            {
                return i;
            }

            unused += _blocks.IsUnused(block) ? 1 : 0;
        }

        return most;
    }

    private void Preempt(Sequence victim)
    {
        _running.Remove(victim);
        _blocks.Release(victim.Blocks);
        victim.Computed = 0;
        victim.Labelled = 0;
        victim.Times.Preemptions++;
        _metrics.Preemptions++;
        _waiting.AddFirst(victim);
    }

    private int MissingBlocks(Sequence sequence, int tokens) => CeilingBlocks(sequence.Computed + tokens) - sequence.Blocks.Count;

    private int CeilingBlocks(int tokens) => (tokens + _options.BlockSize - 1) / _options.BlockSize;
}
