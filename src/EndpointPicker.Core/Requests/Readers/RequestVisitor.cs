namespace EndpointPicker.Core.Requests.Readers;

/// <summary>
/// Walks a body along its schema: checks kinds, remembers the few values that the decision needs, and hands the prompt to the sink as it
/// passes. It holds nothing of the prompt.
/// </summary>
internal sealed partial class RequestVisitor(JsonScanner scanner, TokenEstimate estimate) : JsonVisitor
{
    // Deeper than any schema; what is nested deeper, such as a tool's own JSON, is passed over.
    private const int MostFrames = 16;

    private readonly Frame[] _frames = new Frame[MostFrames];
    private RequestSchema _schema = null!;
    private InferenceRequest _request = null!;
    private PromptSink? _sink;
    private int _depth;
    private int _unknownDepth;
    private Shape? _unknown;
    private Shape? _next;
    private int _nextMember;
    private int _slot;
    private ShapeAction _action;
    private PromptLane _lane;
    private bool _stringHadBytes;

    /// <summary>The kind of the whole document; none so far.</summary>
    public JsonKinds RootKind { get; private set; }

    /// <summary>The place behind the document's opening brace; 0 where it is no object.</summary>
    public long BehindBrace { get; private set; }

    /// <summary>Makes the visitor new for another body.</summary>
    /// <param name="schema">What the body must look like.</param>
    /// <param name="request">The request that it belongs to.</param>
    /// <param name="sink">Who takes the prompt; <see langword="null"/> to pass over it.</param>
    public void Begin(RequestSchema schema, InferenceRequest request, PromptSink? sink)
    {
        _schema = schema;
        _request = request;
        _sink = sink;
        _depth = 0;
        _unknownDepth = 0;
        _unknown = null;
        _next = null;
        _slot = -1;
        _action = ShapeAction.None;
        RootKind = JsonKinds.None;
        BehindBrace = 0;
        ClearValues();
        ClearFaults();
    }

    /// <summary>Hands on what is held back at the body's end, and lets go of the request and the sink.</summary>
    public void End()
    {
        FlushIds();
        _sink = null;
        _request = null!;
    }

    public override void ContainerStart(JsonKinds kind)
    {
        if (_unknownDepth > 0)
        {
            _unknownDepth++;
            return;
        }

        Shape? shape = Enter(kind);
        if (shape is not null)
        {
            StartContainer(shape, kind);
        }

        bool known = shape is not null && (kind == JsonKinds.Object ? shape.Members.Length > 0 : shape.Items is not null);
        if (known && _depth < MostFrames)
        {
            _frames[_depth++] = new Frame(shape!, kind == JsonKinds.Object, _nextMember);
            _next = null;
            return;
        }

        _unknownDepth = 1;
        _unknown = shape;
    }

    public override void ContainerEnd()
    {
        Shape? shape;
        if (_unknownDepth > 0)
        {
            if (--_unknownDepth > 0)
            {
                return;
            }

            shape = _unknown;
        }
        else
        {
            shape = _frames[--_depth].Shape;
        }

        if (shape is not null)
        {
            EndContainer(shape);
        }
    }

    public override void Name(ReadOnlySpan<byte> name)
    {
        if (_unknownDepth > 0)
        {
            return;
        }

        Shape shape = _frames[_depth - 1].Shape;
        _nextMember = shape.Find(name);
        _next = _nextMember < 0 ? null : shape.Members[_nextMember].Shape;
        if (_depth == 1)
        {
            EnterSlot(_nextMember);
        }
    }

    public override void StringStart()
    {
        _action = ShapeAction.None;
        _stringHadBytes = false;
        if (_unknownDepth == 0 && Enter(JsonKinds.String) is { } shape)
        {
            _action = shape.Action;
            _lane = shape.Lane;
            StartString(shape);
        }
    }

    public override void StringPiece(ReadOnlySpan<byte> utf8)
    {
        _stringHadBytes = true;
        if (_action is ShapeAction.Text or ShapeAction.Prompt)
        {
            _sink?.Text(_lane, utf8);
        }
        else if (_action != ShapeAction.None)
        {
            TakePiece(utf8);
        }
    }

    public override void StringEnd()
    {
        if (_unknownDepth > 0)
        {
            return;
        }

        if (_depth == 1 && _stringHadBytes)
        {
            NoteContent();
        }

        if (_action != ShapeAction.None)
        {
            EndString();
        }
    }

    public override void Number(ReadOnlySpan<byte> text)
    {
        if (_unknownDepth == 0 && Enter(JsonKinds.Number) is { } shape)
        {
            TakeNumber(shape, text);
        }
    }

    public override void Literal(JsonKinds kind)
    {
        if (_unknownDepth == 0 && Enter(kind) is { } shape)
        {
            TakeLiteral(shape, kind);
        }
    }

    public override void Raw(ReadOnlySpan<byte> json) => _sink?.Text(_rawLane, json);

    private Shape? Enter(JsonKinds kind)
    {
        Shape? shape;
        if (_depth == 0)
        {
            RootKind = kind;
            BehindBrace = kind == JsonKinds.Object ? scanner.Mark + 1 : 0;
            shape = _schema.Root;
            return kind == JsonKinds.Object ? shape : null;
        }

        ref Frame frame = ref _frames[_depth - 1];
        if (frame.IsObject)
        {
            shape = _next;
        }
        else
        {
            frame.Index++;
            shape = frame.Shape.Items;
            if (_depth == 2)
            {
                NoteContent();
            }

            if (frame.Shape.IsUniform && frame.Seen != JsonKinds.None && frame.Seen != kind)
            {
                NoteMixture(kind);
                return null;
            }

            frame.Seen = kind;
        }

        if (_depth == 1 && kind != JsonKinds.Null)
        {
            NotePresence();
        }

        if (shape is not null && (shape.Allowed & kind) == 0)
        {
            NoteMismatch(shape, kind);
            return null;
        }

        return shape;
    }

    private struct Frame(Shape shape, bool isObject, int memberOfParent)
    {
        public readonly Shape Shape = shape;
        public readonly bool IsObject = isObject;
        public readonly int MemberOfParent = memberOfParent;
        public int Index = -1;
        public JsonKinds Seen;
    }
}
