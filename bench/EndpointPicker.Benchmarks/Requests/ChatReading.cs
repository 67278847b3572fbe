using BenchmarkDotNet.Attributes;
using EndpointPicker.Core.PrefixCache;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Requests.Readers;

namespace EndpointPicker.Benchmarks.Requests;

/// <summary>What does reading a chat body cost, and what does hashing its prompt on the way add?</summary>
public class ChatReading
{
    private readonly InferenceRequest _request = new();
    private readonly PromptBlocks _blocks = new();
    private readonly PromptHasher _hasher = new(new PromptHasherOptions());
    private readonly JsonRequestReader _reader = new(new RequestReadingOptions(), new ModelNames());
    private byte[] _body = [];

    [Params(1024, 32 * 1024, 400 * 1024)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup() => _body = ChatBody.OfLength(Bytes);

    [Benchmark(Baseline = true)]
    public bool Read() => Read(null, _body.Length);

    [Benchmark]
    public bool ReadAndHash() => Hash(_body.Length);

    [Benchmark]
    public bool ReadAndHashIn16KbParts() => Hash(16 * 1024);

    private bool Hash(int part)
    {
        _hasher.Reset(PromptHasherOptions.MinBlockTokens);
        _blocks.Clear();
        bool read = Read(_hasher, part);
        _hasher.Complete(_request.Model, _blocks);
        return read && _blocks.Count > 0;
    }

    private bool Read(PromptHasher? hasher, int part)
    {
        _reader.Begin(RequestApi.ChatCompletions, _request, hasher);
        for (int at = 0; at < _body.Length; at += part)
        {
            _reader.Append(_body.AsSpan(at, Math.Min(part, _body.Length - at)));
        }

        return _reader.Finish(cut: false) is null ? true : throw new InvalidOperationException("The body is refused.");
    }
}
