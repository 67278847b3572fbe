namespace EndpointPicker.Core.Requests.Readers;

/// <summary>
/// Reads JSON bodies of every API that is known. One instance serves one request at a time and any number one after the other; pool it
/// with the stream. Warm, it allocates nothing.
/// </summary>
/// <remarks>
/// The last of several members of one name counts, as in JSON libraries; the sink has seen the earlier ones too. Prompt text reaches the
/// sink while the body streams in, so a body that turns out to be wrong may have fed it.
/// </remarks>
public sealed class JsonRequestReader : RequestReader
{
    private readonly ModelNames _names;
    private readonly bool _dialects;
    private readonly JsonScanner _scanner;
    private readonly RequestVisitor _visitor;
    private RequestSchema? _schema;
    private InferenceRequest? _request;

    /// <summary>Makes a reader.</summary>
    /// <param name="options">How bodies are read.</param>
    /// <param name="names">The strings of model names, shared by all readers.</param>
    public JsonRequestReader(RequestReadingOptions options, ModelNames names)
    {
        _names = names;
        _dialects = options.AcceptDialects;
        _scanner = new JsonScanner(options.MaxDepth, options.CheckUtf8);
        _visitor = new RequestVisitor(_scanner, new TokenEstimate(options.TokenEstimate));
    }

    /// <summary>Starts a body.</summary>
    /// <param name="api">The API; one whose route says that its body is read.</param>
    /// <param name="request">The request that <see cref="Finish"/> fills in; its headers must be there already.</param>
    /// <param name="sink">Who takes the prompt; <see langword="null"/> to pass over it cheaply.</param>
    public void Begin(RequestApi api, InferenceRequest request, PromptSink? sink)
    {
        _schema = RequestSchemas.Find(api, _dialects) ?? throw new ArgumentOutOfRangeException(nameof(api), api, "Bodies of this API are not read.");
        _request = request;
        _visitor.Begin(_schema, request, sink);
        _scanner.Begin(_visitor);
    }

    /// <inheritdoc/>
    public override bool Append(ReadOnlySpan<byte> body) => _scanner.Append(body);

    /// <inheritdoc/>
    public override RequestError? Finish(bool cut)
    {
        InferenceRequest request = _request ?? throw new InvalidOperationException("No body was begun.");
        RequestSchema schema = _schema!;
        _request = null;
        bool whole = _scanner.Finish();
        if (!whole && !cut)
        {
            return Malformed(schema, _scanner.Fault!);
        }

        request.Model = _names.Get(_visitor.Model);
        request.ModelValue = _visitor.ModelValue;
        request.ModelInsertion = (int)_visitor.BehindBrace;
        request.Stream = _visitor.Stream;
        request.MaxOutputTokens = _visitor.MaxOutputTokens;
        request.MediaParts = _visitor.MediaParts;
        _visitor.End();
        if (!whole)
        {
            return null;
        }

        return _visitor.RootKind switch
        {
            JsonKinds.Object or JsonKinds.Null => _visitor.Check(),
            _ => NoObject(schema, _visitor.RootKind),
        };
    }

    private static RequestError Malformed(RequestSchema schema, JsonFault fault) => new(fault.Describe(), fault.Offset)
    {
        ReferenceMessage = schema.ReferenceMalformed + fault.DescribeAsGo(),
    };

    private static RequestError NoObject(RequestSchema schema, JsonKinds kind)
    {
        string found = kind switch
        {
            JsonKinds.Array => "array",
            JsonKinds.String => "string",
            JsonKinds.Number => "number",
            _ => "bool",
        };
        return new RequestError($"the body of a {schema.What} must be a JSON object, not a {found}", 0)
        {
            ReferenceMessage = $"{schema.ReferenceMalformed}json: cannot unmarshal {found} into Go value of type map[string]interface {{}}",
        };
    }
}
