using EndpointPicker.Core.Requests.Responses;

namespace EndpointPicker.Core.Requests.Parsers;

/// <summary><c>passthrough-parser</c>: takes every path that no other parser claims, and reads nothing.</summary>
public sealed class PassthroughParser() : RequestParser("passthrough-parser", ResponseFormat.None, rewritesModel: false)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> AppProtocols => [];
}
