using System.Text;
using EndpointPicker.DataLayer;

namespace EndpointPicker.Tests.DataLayer;

/// <summary>A page that keeps what it is given.</summary>
internal sealed class RecordingPage : Page
{
    private readonly MemoryStream _body = new();

    public string Text => Encoding.UTF8.GetString(_body.ToArray());

    public long Length => _body.Length;

    public List<long> Completed { get; } = [];

    public List<int> Failures { get; } = [];

    public bool Sensible { get; set; } = true;

    public bool IsWanted { get; set; } = true;

    public override string SourceType => "recording";

    public override bool Wanted => IsWanted;

    public override void Begin() => _body.SetLength(0);

    public override void Append(ReadOnlySpan<byte> bytes) => _body.Write(bytes);

    public override bool Complete(long timestamp)
    {
        Completed.Add(timestamp);
        return Sensible;
    }

    public override void Fail(int failures) => Failures.Add(failures);
}
