using EndpointPicker.LoadGenerator.Rules;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using static Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types;

namespace EndpointPicker.Tests.ExtProc;

/// <summary>The checker itself: each breach that a real Envoy punishes must be named.</summary>
public sealed class EnvoyRulesTests
{
    [Fact]
    public void FullDuplex_Exemplary_HasNoViolation()
    {
        EnvoyRules sut = Sent(BodySendMode.FullDuplexStreamed);
        sut.OnReceived(Headers());
        sut.OnReceived(Streamed("{}", end: true));
        sut.Finish();

        Assert.Empty(sut.Violations);
        Assert.True(sut.IsSettled);
    }

    [Fact]
    public void FullDuplex_BodyBeforeHeaders_IsSpurious() => AssertBreach("before the HeadersResponse", Streamed("{}", end: true), Headers());

    [Fact]
    public void FullDuplex_SecondHeaders_IsSpurious() => AssertBreach("spurious HeadersResponse", Headers(), Headers(), Streamed("{}", end: true));

    [Fact]
    public void FullDuplex_EmptyCommonResponse_IsSpurious() =>
        AssertBreach("full duplex needs streamed_response", Headers(), new ProcessingResponse { RequestBody = new BodyResponse { Response = new CommonResponse() } });

    [Fact]
    public void FullDuplex_ChangedByte_IsNamed() => AssertBreach("body bytes differ", Headers(), Streamed("{]", end: true));

    [Fact]
    public void FullDuplex_MissingByte_IsNamed() => AssertBreach("of 2 body bytes 1 came back", Headers(), Streamed("{", end: true));

    [Fact]
    public void FullDuplex_MissingEndOfStream_IsNamed() => AssertBreach("end of stream False", Headers(), Streamed("{}", end: false));

    [Fact]
    public void FullDuplex_PartAfterEnd_IsNamed() => AssertBreach("after end of stream", Headers(), Streamed("{}", end: true), Streamed("", end: false));

    [Fact]
    public void FullDuplex_NoAnswerAtAll_IsNamed() => AssertBreach("headers were never answered");

    [Fact]
    public void FullDuplex_NoDestination_IsNamed() =>
        AssertBreach("no destination", new ProcessingResponse { RequestHeaders = new HeadersResponse() }, Streamed("{}", end: true));

    [Fact]
    public void FullDuplex_HeaderUnlikeMetadata_IsNamed()
    {
        ProcessingResponse headers = Headers();
        headers.DynamicMetadata.Fields["envoy.lb"].StructValue.Fields[EnvoyRules.DestinationHeaderName] = Value.ForString("other");
        AssertBreach("differ", headers, Streamed("{}", end: true));
    }

    [Fact]
    public void FullDuplex_ValueInsteadOfRawValue_IsNamed()
    {
        ProcessingResponse headers = Headers();
        headers.RequestHeaders.Response.HeaderMutation.SetHeaders[0].Header.Value = "x";
        AssertBreach("set in value", headers, Streamed("{}", end: true));
    }

    [Fact]
    public void FullDuplex_EndOfStreamThoughTrailersFollow_IsNamed()
    {
        EnvoyRules sut = new(new EnvoyRulesOptions());
        sut.OnSent(Messages.RequestHeaders());
        sut.OnSent(Messages.RequestBody("{}"));
        sut.OnSent(Messages.RequestTrailers());
        sut.OnReceived(Headers());
        sut.OnReceived(Streamed("{}", end: true));

        Assert.Contains(sut.Violations, violation => violation.Contains("trailers would hang", StringComparison.Ordinal));
    }

    [Fact]
    public void FullDuplex_OkCloseBeforeTheEcho_IsNamed()
    {
        EnvoyRules sut = Sent(BodySendMode.FullDuplexStreamed);
        sut.OnReceived(Headers());
        sut.OnEnded(ok: true);

        Assert.Contains(sut.Violations, violation => violation.Contains("closed with OK", StringComparison.Ordinal));
    }

    [Fact]
    public void FullDuplex_ErrorCloseBeforeTheEcho_IsAllowed()
    {
        EnvoyRules sut = Sent(BodySendMode.FullDuplexStreamed);
        sut.OnReceived(Headers());
        sut.OnEnded(ok: false);
        sut.Finish();

        Assert.Empty(sut.Violations);
    }

    [Theory]
    [InlineData(BodySendMode.Buffered)]
    [InlineData(BodySendMode.Streamed)]
    public void OtherModes_StreamedResponse_IsNamed(BodySendMode mode) => AssertBreach("streamed_response in mode", mode, Headers(), Streamed("{}", end: true));

    [Theory]
    [InlineData(BodySendMode.Buffered)]
    [InlineData(BodySendMode.Streamed)]
    public void OtherModes_SurplusAnswer_IsNamed(BodySendMode mode) => AssertBreach("answered already", mode, Headers(), Empty(), Empty());

    [Fact]
    public void Buffered_ReplacedBodyOfOtherLength_NeedsItsContentLength()
    {
        EnvoyRules sut = new(new EnvoyRulesOptions { RequestBodyMode = BodySendMode.Buffered, AllowRewrittenBodies = true });
        sut.OnSent(Messages.RequestHeaders(false, ("content-length", "2")));
        sut.OnSent(Messages.RequestBody("{}", end: true));
        sut.OnReceived(Headers());
        sut.OnReceived(new ProcessingResponse
        {
            RequestBody = new BodyResponse { Response = new CommonResponse { BodyMutation = new BodyMutation { Body = ByteString.CopyFromUtf8("{ }") } } },
        });

        Assert.Contains(sut.Violations, violation => violation.Contains("mismatch between content length", StringComparison.Ordinal));
    }

    [Fact]
    public void Observability_AnyAnswer_IsNamed()
    {
        EnvoyRules sut = new(new EnvoyRulesOptions { ObservabilityMode = true });
        sut.OnSent(Messages.RequestHeaders());
        sut.OnReceived(Headers());

        Assert.NotEmpty(sut.Violations);
    }

    [Fact]
    public void Immediate_WithoutStatus_IsNamed()
    {
        EnvoyRules sut = Sent(BodySendMode.FullDuplexStreamed);
        sut.OnReceived(new ProcessingResponse { ImmediateResponse = new ImmediateResponse { Details = "d" } });

        Assert.Contains(sut.Violations, violation => violation.Contains("without a status", StringComparison.Ordinal));
    }

    [Fact]
    public void AfterImmediate_AnyAnswer_IsNamed()
    {
        EnvoyRules sut = Sent(BodySendMode.FullDuplexStreamed);
        sut.OnReceived(new ProcessingResponse { ImmediateResponse = new ImmediateResponse { Details = "d", Status = new() { Code = Envoy.Type.V3.StatusCode.NotFound } } });
        Assert.Empty(sut.Violations);
        sut.OnReceived(Headers());

        Assert.Contains(sut.Violations, violation => violation.Contains("after the end", StringComparison.Ordinal));
    }

    private static void AssertBreach(string expected, params ProcessingResponse[] answers) => AssertBreach(expected, BodySendMode.FullDuplexStreamed, answers);

    private static void AssertBreach(string expected, BodySendMode mode, params ProcessingResponse[] answers)
    {
        EnvoyRules sut = Sent(mode);
        foreach (ProcessingResponse answer in answers)
        {
            sut.OnReceived(answer);
        }

        sut.Finish();
        Assert.Contains(sut.Violations, violation => violation.Contains(expected, StringComparison.Ordinal));
    }

    private static EnvoyRules Sent(BodySendMode mode)
    {
        EnvoyRules sut = new(new EnvoyRulesOptions { RequestBodyMode = mode });
        sut.OnSent(Messages.RequestHeaders());
        sut.OnSent(Messages.RequestBody("{}", end: true));
        return sut;
    }

    private static ProcessingResponse Headers() => new()
    {
        RequestHeaders = new HeadersResponse
        {
            Response = new CommonResponse
            {
                HeaderMutation = new HeaderMutation
                {
                    SetHeaders =
                    {
                        new Envoy.Config.Core.V3.HeaderValueOption
                        {
                            Header = new() { Key = EnvoyRules.DestinationHeaderName, RawValue = ByteString.CopyFromUtf8("10.0.0.1:1") },
                            AppendAction = Envoy.Config.Core.V3.HeaderValueOption.Types.HeaderAppendAction.OverwriteIfExistsOrAdd,
                        },
                    },
                },
            },
        },
        DynamicMetadata = new Struct
        {
            Fields = { ["envoy.lb"] = Value.ForStruct(new Struct { Fields = { [EnvoyRules.DestinationHeaderName] = Value.ForString("10.0.0.1:1") } }) },
        },
    };

    private static ProcessingResponse Empty() => new() { RequestBody = new BodyResponse { Response = new CommonResponse() } };

    private static ProcessingResponse Streamed(string body, bool end) => new()
    {
        RequestBody = new BodyResponse
        {
            Response = new CommonResponse
            {
                BodyMutation = new BodyMutation { StreamedResponse = new StreamedBodyResponse { Body = ByteString.CopyFromUtf8(body), EndOfStream = end } },
            },
        },
    };
}
