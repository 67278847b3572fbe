namespace EndpointPicker.Tests.Grpc;

/// <summary>A whole answer: the messages, and the status with the place where it stood.</summary>
internal sealed record GrpcTestAnswer(HttpResponseMessage Response, IReadOnlyList<byte[]> Messages, string? Status, string? Message, bool TrailersOnly);
