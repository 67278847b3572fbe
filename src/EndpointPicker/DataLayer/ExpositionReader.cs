namespace EndpointPicker.DataLayer;

/// <summary>
/// Reads a metrics page, Prometheus text or OpenMetrics, as its bytes arrive, split anywhere. It looks only at lines that begin with a
/// wanted name and skips the rest from newline to newline, so that a page costs about as much as finding its line ends.
/// </summary>
/// <remarks>
/// Samples of histograms and summaries are not values of a signal; untyped ones are, because servers behind several processes print
/// pages without types. A malformed line is as good as absent.
/// </remarks>
internal sealed class ExpositionReader(SignalCollector signals)
{
    // Longer than any line that means something (the longest real one has 2 KB); a longer one is skipped whole.
    private const int MaxLine = 64 * 1024;

    private byte[] _carry = new byte[512];
    private int _carried;
    private bool _skipping;

    /// <summary>Forgets what is left of the page before.</summary>
    public void Begin()
    {
        _carried = 0;
        _skipping = false;
    }

    /// <summary>Takes the next bytes of the page.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_carried > 0 || _skipping)
        {
            int end = bytes.IndexOf((byte)'\n');
            if (end < 0)
            {
                Carry(bytes);
                return;
            }

            Carry(bytes[..end]);
            Complete();
            bytes = bytes[(end + 1)..];
        }

        while (true)
        {
            int end = bytes.IndexOf((byte)'\n');
            if (end < 0)
            {
                Carry(bytes);
                return;
            }

            Read(bytes[..end]);
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>Says that the page has ended, after a newline or without.</summary>
    public void Complete()
    {
        if (!_skipping)
        {
            Read(_carry.AsSpan(0, _carried));
        }

        Begin();
    }

    private void Carry(ReadOnlySpan<byte> bytes)
    {
        if (_skipping || _carried + bytes.Length > MaxLine)
        {
            _skipping = true;
            _carried = 0;
            return;
        }

        if (_carried + bytes.Length > _carry.Length)
        {
            Array.Resize(ref _carry, Math.Min(MaxLine, 2 * (_carried + bytes.Length)));
        }

        bytes.CopyTo(_carry.AsSpan(_carried));
        _carried += bytes.Length;
    }

    private void Read(ReadOnlySpan<byte> line)
    {
        EngineMap map = signals.Map;
        if (line.Length > MaxLine)
        {
            return;
        }

        if (line is [(byte)'#', ..])
        {
            ReadType(map, line);
            return;
        }

        int family = map.Match(line, out int length);
        if (family >= 0 && Sample.TryRead(line[length..], out Sample sample))
        {
            signals.Add(family, sample);
        }
    }

    private void ReadType(EngineMap map, ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> start = "# TYPE "u8;
        if (!line.StartsWith(start))
        {
            return;
        }

        line = line[start.Length..];
        int family = map.Match(line, out int length);
        if (family >= 0)
        {
            ReadOnlySpan<byte> type = line[length..].Trim(" \t\r"u8);
            bool single = !(type.SequenceEqual("histogram"u8) || type.SequenceEqual("summary"u8) || type.SequenceEqual("gaugehistogram"u8));
            signals.Declare(family, single);
        }
    }
}
