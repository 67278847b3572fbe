using System.Text;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.Core.Tests.Requests;

/// <summary>Writes down what a scanner reports, strings put together again.</summary>
internal sealed class RecordingVisitor : JsonVisitor
{
    private readonly List<byte> _string = [];

    public List<string> Events { get; } = [];

    public List<int> PieceLengths { get; } = [];

    public override void ContainerStart(JsonKinds kind) => Events.Add(kind == JsonKinds.Object ? "{" : "[");

    public override void ContainerEnd() => Events.Add("end");

    public override void Name(ReadOnlySpan<byte> name) => Events.Add("name " + Encoding.UTF8.GetString(name));

    public override void StringStart() => _string.Clear();

    public override void StringPiece(ReadOnlySpan<byte> utf8)
    {
        PieceLengths.Add(utf8.Length);
        _string.AddRange(utf8);
    }

    public override void StringEnd() => Events.Add("string " + Encoding.UTF8.GetString([.. _string]));

    public override void Number(ReadOnlySpan<byte> text) => Events.Add("number " + Encoding.UTF8.GetString(text));

    public override void Literal(JsonKinds kind) => Events.Add(kind.ToString());
}
