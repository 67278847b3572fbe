using EndpointPicker.Grpc;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EndpointPicker.Tests.Grpc;

/// <summary>What a test server serves, and with what around it.</summary>
internal sealed record GrpcTestSetup
{
    public required IReadOnlyList<GrpcMethod> Methods { get; init; }

    public GrpcServerOptions Options { get; init; } = new();

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public StreamMetrics? Metrics { get; init; }

    public Action<ListenOptions>? Listen { get; init; }
}
