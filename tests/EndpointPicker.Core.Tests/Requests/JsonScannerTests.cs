using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using EndpointPicker.Core.Requests;
using Testing;

namespace EndpointPicker.Core.Tests.Requests;

public sealed class JsonScannerTests
{
    private const int MaxDepth = 64;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Append_RandomDocumentInAnySplit_AsSystemTextJson(int seed)
    {
        RandomJson random = new(seed);
        JsonScanner scanner = new(MaxDepth);
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < 4000; i++)
        {
            byte[] json = random.Next(2) == 0 ? random.Valid() : random.Damaged();
            List<string>? expected = Oracle(json);
            RecordingVisitor seen = new();
            bool whole = Scan(scanner, seen, random.Split(json));

            Assert.True(whole == (expected is not null), $"{Encoding.Latin1.GetString(json)}: {scanner.Fault?.Describe()}");
            if (expected is null)
            {
                refused++;
                Assert.InRange(scanner.Fault!.Offset, 0, json.Length);
                continue;
            }

            accepted++;
            Assert.Equal(expected.Count, seen.Events.Count);
            for (int e = 0; e < expected.Count; e++)
            {
                Assert.Equal(expected[e], seen.Events[e]);
            }
        }

        Assert.True(accepted > 1000 && refused > 1000, $"{accepted} accepted, {refused} refused");
    }

    // Expected texts: what Go's encoding/json says of the same documents.
    [Theory]
    [InlineData("", 0, "unexpected end of JSON input")]
    [InlineData("  ", 2, "unexpected end of JSON input")]
    [InlineData("{", 1, "unexpected end of JSON input")]
    [InlineData("""{"a":tru""", 8, "unexpected end of JSON input")]
    [InlineData("invalid", 0, "invalid character 'i' looking for beginning of value")]
    [InlineData("""{"a":}""", 5, "invalid character '}' looking for beginning of value")]
    [InlineData("""{"a":1,}""", 7, "invalid character '}' looking for beginning of object key string")]
    [InlineData("""{a:1}""", 1, "invalid character 'a' looking for beginning of object key string")]
    [InlineData("""{"a" 1}""", 5, "invalid character '1' after object key")]
    [InlineData("""{"a":1 "b":2}""", 7, "invalid character '\"' after object key:value pair")]
    [InlineData("""{"a":01}""", 6, "invalid character '1' after object key:value pair")]
    [InlineData("[1 2]", 3, "invalid character '2' after array element")]
    [InlineData("[1,]", 3, "invalid character ']' looking for beginning of value")]
    [InlineData("{}x", 2, "invalid character 'x' after top-level value")]
    [InlineData("{} {}", 3, "invalid character '{' after top-level value")]
    [InlineData("\"a\nb\"", 2, "invalid character '\\n' in string literal")]
    [InlineData("""["\x"]""", 3, "invalid character 'x' in string escape code")]
    [InlineData("""["\u12g4"]""", 6, "invalid character 'g' in \\u hexadecimal character escape")]
    [InlineData("[trux]", 4, "invalid character 'x' in literal true (expecting 'e')")]
    [InlineData("[-]", 2, "invalid character ']' in numeric literal")]
    [InlineData("[1.]", 3, "invalid character ']' after decimal point in numeric literal")]
    [InlineData("[1e]", 3, "invalid character ']' in exponent of numeric literal")]
    [InlineData("[1e+]", 4, "invalid character ']' in exponent of numeric literal")]
    public void Fault_MalformedDocument_IsTheFirstOneWhateverTheSplit(string json, int offset, string go)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        for (int piece = 1; piece <= Math.Max(1, bytes.Length); piece++)
        {
            JsonScanner scanner = new(MaxDepth);

            Assert.False(Scan(scanner, new RecordingVisitor(), bytes.Chunk(piece).Select(c => (ReadOnlyMemory<byte>)c)));
            Assert.Equal(offset, scanner.Fault!.Offset);
            Assert.Equal(go, scanner.Fault.DescribeAsGo());
        }
    }

    // Offsets of the first byte that no continuation of valid UTF-8 can have there (Unicode 3.9, table 3-7).
    [Theory]
    [InlineData(new byte[] { 0x80 }, 0)]
    [InlineData(new byte[] { 0xC0, 0x80 }, 0)]
    [InlineData(new byte[] { 0xE0, 0x80, 0x80 }, 0, 1)]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, 0, 1)]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 }, 0, 1)]
    [InlineData(new byte[] { 0x61, 0xE4, 0xB8, 0x61 }, 1, 3)]
    [InlineData(new byte[] { 0xE4, 0xB8 }, 0, 2)]
    public void Fault_InvalidUtf8_IsFoundInEverySplitUnlessNotChecked(byte[] text, int start, int? broken = null)
    {
        byte[] json = [(byte)'"', .. text, (byte)'"'];
        for (int piece = 1; piece <= json.Length; piece++)
        {
            JsonScanner strict = new(MaxDepth);
            JsonScanner lenient = new(MaxDepth, checkUtf8: false);

            Assert.False(Scan(strict, new RecordingVisitor(), json.Chunk(piece).Select(c => (ReadOnlyMemory<byte>)c)));
            Assert.Equal(JsonFaultKind.Utf8, strict.Fault!.Kind);
            Assert.InRange(strict.Fault.Offset, start + 1, (broken ?? start) + 1);
            Assert.True(Scan(lenient, new RecordingVisitor(), json.Chunk(piece).Select(c => (ReadOnlyMemory<byte>)c)));
        }
    }

    [Theory]
    [InlineData(MaxDepth, true)]
    [InlineData(MaxDepth + 1, false)]
    public void Append_DeepNesting_IsRefusedBeyondTheLimit(int depth, bool accepted)
    {
        byte[] json = Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));
        JsonScanner scanner = new(MaxDepth);

        Assert.Equal(accepted, Scan(scanner, new RecordingVisitor(), [json]));
        Assert.Equal(accepted ? null : JsonFaultKind.Depth, scanner.Fault?.Kind);
    }

    [Fact]
    public void Append_LongPlainString_ArrivesInThePiecesItCameIn()
    {
        byte[] json = [(byte)'"', .. Enumerable.Repeat((byte)'x', 400_000), (byte)'"'];
        RecordingVisitor seen = new();

        Assert.True(Scan(new JsonScanner(MaxDepth), seen, json.Chunk(65536).Select(c => (ReadOnlyMemory<byte>)c)));
        Assert.Equal(7, seen.PieceLengths.Count);
        Assert.Equal(400_000, seen.PieceLengths.Sum());
    }

    [Fact]
    public void SkipInside_ValidArray_ReportsOnlyItsEnd()
    {
        byte[] json = """{"a":[1,"]\"[",{"b":[]}],"c":2}"""u8.ToArray();
        for (int piece = 1; piece <= json.Length; piece++)
        {
            JsonScanner scanner = new(MaxDepth);
            SkippingVisitor seen = new(scanner);
            Assert.True(Scan(scanner, seen, json.Chunk(piece).Select(c => (ReadOnlyMemory<byte>)c)));
            Assert.Equal(["name a", "[ 5", "end 24", "name c", "number 2"], seen.Events);
        }
    }

    [Theory]
    [InlineData("""{"a": [1, {"b":"x\n"}] ,"c":"de","f":{}}""", "a", """[1, {"b":"x\n"}]""")]
    [InlineData("""{"a": [1, {"b":"x\n"}] ,"c":"d\te","f":{}}""", "c", "\"d\\te\"")]
    [InlineData("""{"a": [1, {"b":"x\n"}] ,"c":"de","f":{ }}""", "f", "{ }")]
    public void StartRaw_ValueInAnySplit_GivesItsOwnBytes(string json, string member, string expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        for (int piece = 1; piece <= bytes.Length; piece++)
        {
            JsonScanner scanner = new(MaxDepth);
            RawVisitor seen = new(scanner, member);
            Assert.True(Scan(scanner, seen, bytes.Chunk(piece).Select(c => (ReadOnlyMemory<byte>)c)));
            Assert.Equal(expected, Encoding.UTF8.GetString([.. seen.Bytes]));
        }
    }

    [Fact]
    public void Append_WarmScanner_AllocatesNothing()
    {
        byte[] json = [.. "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\\nb\\ud83d\\ude00"u8, .. Enumerable.Repeat((byte)'x', 100_000), .. "\"}],\"n\":1.5}"u8];
        JsonScanner scanner = new();
        Quiet visitor = new();
        for (int i = 0; i < 3; i++)
        {
            Run();
        }

        Assert.Equal(0, Allocations.Least(Run));

        void Run()
        {
            scanner.Begin(visitor);
            for (int from = 0; from < json.Length; from += 4096)
            {
                scanner.Append(json.AsSpan(from, Math.Min(4096, json.Length - from)));
            }

            scanner.Finish();
        }
    }

    private static bool Scan(JsonScanner scanner, JsonVisitor visitor, IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        scanner.Begin(visitor);
        foreach (ReadOnlyMemory<byte> piece in pieces)
        {
            if (!scanner.Append(piece.Span))
            {
                break;
            }
        }

        return scanner.Finish();
    }

    private static List<string>? Oracle(byte[] json)
    {
        if (!Utf8.IsValid(json))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            List<string> events = [];
            Walk(document.RootElement, events);
            return events;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Walk(JsonElement element, List<string> events)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                events.Add("{");
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    byte[] name = Encoding.UTF8.GetBytes(Text(RawName(property)));
                    events.Add("name " + Encoding.UTF8.GetString(name.AsSpan(0, Math.Min(name.Length, JsonScanner.LongestName))));
                    Walk(property.Value, events);
                }

                events.Add("end");
                break;
            case JsonValueKind.Array:
                events.Add("[");
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Walk(item, events);
                }

                events.Add("end");
                break;
            case JsonValueKind.String:
                events.Add("string " + Text(element.GetRawText()[1..^1]));
                break;
            case JsonValueKind.Number:
                events.Add("number " + element.GetRawText());
                break;
            default:
                events.Add(element.ValueKind.ToString());
                break;
        }
    }

    private static string RawName(JsonProperty property)
    {
        string raw = property.ToString();
        int end = 1;
        while (raw[end] != '"')
        {
            end += raw[end] == '\\' ? 2 : 1;
        }

        return raw[1..end];
    }

    // System.Text.Json refuses lone surrogates; the JavaScript reading of escapes with U+FFFD for them is spelt out here.
    private static string Text(string raw)
    {
        StringBuilder text = new();
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            i++;
            if (raw[i] == 'u')
            {
                text.Append((char)Convert.ToInt32(raw.Substring(i + 1, 4), 16));
                i += 4;
            }
            else
            {
                text.Append("\"\\/\b\f\n\r\t"["\"\\/bfnrt".IndexOf(raw[i], StringComparison.Ordinal)]);
            }
        }

        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private sealed class Quiet : JsonVisitor;

    private sealed class SkippingVisitor(JsonScanner scanner) : JsonVisitor
    {
        public List<string> Events { get; } = [];

        public override void ContainerStart(JsonKinds kind)
        {
            if (kind == JsonKinds.Array)
            {
                Events.Add("[ " + scanner.Mark);
                scanner.SkipInside();
            }
        }

        public override void ContainerEnd()
        {
            if (scanner.Mark < 30)
            {
                Events.Add("end " + scanner.Mark);
            }
        }

        public override void Name(ReadOnlySpan<byte> name) => Events.Add("name " + Encoding.UTF8.GetString(name));

        public override void Number(ReadOnlySpan<byte> text) => Events.Add("number " + Encoding.UTF8.GetString(text));
    }

    private sealed class RawVisitor(JsonScanner scanner, string member) : JsonVisitor
    {
        private int _depth;
        private bool _wanted;
        private int _from = -1;

        public List<byte> Bytes { get; } = [];

        public override void Name(ReadOnlySpan<byte> name) => _wanted = _from < 0 && Encoding.UTF8.GetString(name) == member;

        public override void ContainerStart(JsonKinds kind)
        {
            Start();
            _depth++;
        }

        public override void ContainerEnd()
        {
            _depth--;
            Stop();
        }

        public override void StringStart() => Start();

        public override void StringEnd() => Stop();

        public override void Raw(ReadOnlySpan<byte> json) => Bytes.AddRange(json);

        private void Start()
        {
            if (_wanted)
            {
                _wanted = false;
                _from = _depth;
                scanner.StartRaw();
            }
        }

        private void Stop()
        {
            if (_from == _depth)
            {
                _from = -2;
                scanner.StopRaw();
            }
        }
    }
}
