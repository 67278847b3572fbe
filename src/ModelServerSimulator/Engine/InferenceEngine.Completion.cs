using ModelServerSimulator.Metrics;

namespace ModelServerSimulator.Engine;

internal sealed partial class InferenceEngine
{
    /// <summary>Ends the step that <see cref="BeginStep"/> began: every sequence whose tokens are all computed gets its next one.</summary>
    public void CompleteStep()
    {
        lock (_lock)
        {
            long now = _time.GetTimestamp();
            int stepTokens = 0;
            foreach (Sequence sequence in _batch)
            {
                if (sequence.Finish != FinishReason.None)
                {
                    continue;
                }

                sequence.Computed += sequence.Scheduled;
                if (sequence.Computed == sequence.Tokens.Count)
                {
                    stepTokens += sequence.Times.FirstToken == 0 ? sequence.PromptLength + 1 : 1;
                    Advance(sequence, now);
                }
            }

            _batch.Clear();
            _metrics.IterationTokens.Observe(stepTokens);
            _metrics.LoraRequests[_busy.Text] = UnixSeconds();
            PublishGauges();
        }
    }

    private void Advance(Sequence sequence, long now)
    {
        SequenceTimes times = sequence.Times;
        if (times.FirstToken == 0)
        {
            times.FirstToken = now;
            _metrics.PromptTokens += sequence.PromptLength;
            _metrics.CachedPromptTokens += sequence.CachedTokens;
            _metrics.TimeToFirstToken.Observe(Seconds(times.Arrived, now));
        }
        else
        {
            _metrics.InterTokenLatency.Observe(Seconds(times.LastToken, now));
        }

        times.LastToken = now;
        int generated = sequence.Generated + 1;
        FinishReason finish = FinishReason.None;
        if (generated >= sequence.Request.StopAfter)
        {
            finish = FinishReason.Stop;
        }
        else if (generated >= sequence.Request.MaxTokens)
        {
            finish = FinishReason.Length;
        }

        sequence.Emit(finish);
        _metrics.GenerationTokens++;
        if (finish != FinishReason.None)
        {
            _running.Remove(sequence);
            Release(sequence);
            Record(sequence);
        }
    }

    private void Record(Sequence sequence)
    {
        SequenceTimes times = sequence.Times;
        _metrics.Record(new FinishedRequest
        {
            Stopped = sequence.Finish == FinishReason.Stop,
            PromptTokens = sequence.PromptLength,
            CachedTokens = sequence.CachedTokens,
            GeneratedTokens = sequence.Generated,
            MaxTokens = sequence.Request.MaxTokens,
            Preemptions = times.Preemptions,
            QueueSeconds = Seconds(times.Arrived, times.Scheduled),
            PrefillSeconds = Seconds(times.Scheduled, times.FirstToken),
            DecodeSeconds = Seconds(times.FirstToken, times.LastToken),
        });
    }

    private double Seconds(long from, long to) => _time.GetElapsedTime(from, to).TotalSeconds;
}
