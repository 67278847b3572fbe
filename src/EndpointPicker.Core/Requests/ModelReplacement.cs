namespace EndpointPicker.Core.Requests;

/// <summary>
/// What to change in a request body so that it names another model, or names one at all; every other byte stays as it came. One instance
/// serves one body at a time; pool it with the stream.
/// </summary>
public sealed class ModelReplacement
{
    private readonly QuotedModel _model = new();
    private bool _inserts;

    /// <summary>What is replaced, in bytes from the body's start; empty where the text is put in.</summary>
    public Range Place { get; private set; }

    /// <summary>What stands there instead.</summary>
    public ReadOnlySpan<byte> Text => _inserts ? _model.Member : _model.Value;

    /// <summary>Starts a body that was read.</summary>
    /// <param name="request">The request, with its model's place.</param>
    /// <param name="model">The model to put there.</param>
    /// <returns>Whether the body has a place for it; where not, leave the body as it is.</returns>
    public bool Begin(InferenceRequest request, string model)
    {
        _inserts = request.ModelValue.End.Value == 0;
        Place = _inserts ? request.ModelInsertion..request.ModelInsertion : request.ModelValue;
        _model.Set(model);
        return Place.End.Value > 0;
    }
}
