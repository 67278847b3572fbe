using EndpointPicker.Core.Requests;

namespace EndpointPicker.Core.Tests.RequestControl;

/// <summary>A reader that found what a test says.</summary>
internal sealed class FakeReader(InferenceRequest request, string model, RequestError? error = null) : RequestReader
{
    public override bool Append(ReadOnlySpan<byte> body) => error is null;

    public override RequestError? Finish(bool cut)
    {
        request.Api = RequestApi.ChatCompletions;
        request.Model = model;
        return error;
    }
}
