using EndpointPicker.ExtProc;
using Envoy.Config.Core.V3;
using Envoy.Extensions.Filters.Http.ExtProc.V3;
using Envoy.Service.ExtProc.V3;
using Envoy.Type.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace EndpointPicker.Tests.ExtProc;

public sealed class AnswerWriterTests
{
    private readonly RecordedOutput _output = new();
    private readonly AnswerWriter _sut = new();
    private readonly HeaderMutationBuffer _mutation = new();
    private readonly HeaderMutation _expectedMutation = new();

    public AnswerWriterTests() => _sut.Attach(_output);

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(1, 5, false)]
    [InlineData(3, 0, true)]
    [InlineData(2, 200, true)]
    [InlineData(90, 300, false)]
    public void Continue_HeadersWithMutation_IsWhatGeneratedCodeWrites(int headers, int valueLength, bool clearRouteCache)
    {
        for (int i = 0; i < headers; i++)
        {
            Set($"x-{i}", new string('v', valueLength));
        }

        Struct metadata = new() { Fields = { ["a"] = Value.ForString("b") } };
        ProcessingMode mode = new() { RequestBodyMode = ProcessingMode.Types.BodySendMode.Buffered };
        _sut.Continue(AnswerKind.RequestHeaders, new AnswerDetail
        {
            Mutation = _mutation.Encoded,
            Metadata = metadata.ToByteArray(),
            ClearRouteCache = clearRouteCache,
            ModeOverride = mode.ToByteArray(),
        });

        CommonResponse common = new() { ClearRouteCache = clearRouteCache };
        if (headers > 0)
        {
            common.HeaderMutation = _expectedMutation;
        }

        AssertWritten(new ProcessingResponse { RequestHeaders = new HeadersResponse { Response = common }, DynamicMetadata = metadata, ModeOverride = mode });
    }

    [Fact]
    public void Continue_RemovedHeader_IsWhatGeneratedCodeWrites()
    {
        _mutation.Remove("x-gateway-destination-endpoint"u8);
        _expectedMutation.RemoveHeaders.Add("x-gateway-destination-endpoint");

        _sut.Continue(AnswerKind.ResponseBody, new AnswerDetail { Mutation = _mutation.Encoded });

        AssertWritten(new ProcessingResponse { ResponseBody = new BodyResponse { Response = new CommonResponse { HeaderMutation = _expectedMutation } } });
    }

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(0, true, false)]
    [InlineData(1, true, true)]
    [InlineData(127, false, false)]
    [InlineData(128, true, false)]
    [InlineData(62_000, true, true)]
    [InlineData(3_000_000, false, true)]
    public void StreamBody_AnyLengthInPieces_IsWhatGeneratedCodeWrites(int length, bool endOfStream, bool withDetail)
    {
        Random random = new(length);
        byte[] body = new byte[length];
        random.NextBytes(body);
        Struct metadata = new() { Fields = { ["a"] = Value.ForString("b") } };
        if (withDetail)
        {
            Set("content-length", "12");
        }

        _sut.StreamBody(AnswerKind.RequestBody, SplitBytes.Randomly(body, random), new StreamedBodyFlags(endOfStream), new AnswerDetail
        {
            Mutation = _mutation.Encoded,
            Metadata = withDetail ? metadata.ToByteArray() : default,
            ClearRouteCache = withDetail,
        });

        ProcessingResponse expected = new()
        {
            RequestBody = new BodyResponse
            {
                Response = new CommonResponse
                {
                    BodyMutation = new BodyMutation
                    {
                        StreamedResponse = new StreamedBodyResponse { Body = ByteString.CopyFrom(body), EndOfStream = endOfStream },
                    },
                    ClearRouteCache = withDetail,
                },
            },
            DynamicMetadata = withDetail ? metadata : null,
        };
        if (withDetail)
        {
            expected.RequestBody.Response.HeaderMutation = _expectedMutation;
        }

        AssertWritten(expected);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void StreamBody_GrpcFlags_AreWhatGeneratedCodeWrites(bool endWithoutMessage, bool compressed)
    {
        _sut.StreamBody(AnswerKind.ResponseBody, new([7]), new StreamedBodyFlags(false, endWithoutMessage, compressed), default);

        AssertWritten(new ProcessingResponse
        {
            ResponseBody = new BodyResponse
            {
                Response = new CommonResponse
                {
                    BodyMutation = new BodyMutation
                    {
                        StreamedResponse = new StreamedBodyResponse
                        {
                            Body = ByteString.CopyFrom(7),
                            EndOfStreamWithoutMessage = endWithoutMessage,
                            GrpcMessageCompressed = compressed,
                        },
                    },
                },
            },
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(70_000)]
    public void ReplaceBody_AnyLength_IsWhatGeneratedCodeWrites(int length)
    {
        byte[] body = new byte[length];

        _sut.ReplaceBody(AnswerKind.ResponseBody, new(body), default);

        AssertWritten(new ProcessingResponse
        {
            ResponseBody = new BodyResponse { Response = new CommonResponse { BodyMutation = new BodyMutation { Body = ByteString.CopyFrom(body) } } },
        });
    }

    [Fact]
    public void Trailers_Empty_IsWhatGeneratedCodeWrites()
    {
        _sut.Trailers(AnswerKind.RequestTrailers, default);

        AssertWritten(new ProcessingResponse { RequestTrailers = new TrailersResponse() });
    }

    [Fact]
    public void Immediate_StatusHeadersBodyDetails_IsWhatGeneratedCodeWrites()
    {
        Set("content-type", "application/json");

        _sut.Immediate(503, _mutation.Encoded, "{}"u8, "no_endpoints"u8);

        AssertWritten(new ProcessingResponse
        {
            ImmediateResponse = new ImmediateResponse
            {
                Status = new HttpStatus { Code = StatusCode.ServiceUnavailable },
                Headers = _expectedMutation,
                Body = ByteString.CopyFromUtf8("{}"),
                Details = "no_endpoints",
            },
        });
    }

    private void Set(string name, string value)
    {
        _mutation.Set(System.Text.Encoding.UTF8.GetBytes(name), System.Text.Encoding.UTF8.GetBytes(value));
        _expectedMutation.SetHeaders.Add(new HeaderValueOption
        {
            Header = new HeaderValue { Key = name, RawValue = ByteString.CopyFromUtf8(value) },
            AppendAction = HeaderValueOption.Types.HeaderAppendAction.OverwriteIfExistsOrAdd,
        });
    }

    private void AssertWritten(ProcessingResponse expected) => Assert.Equal(expected.ToByteArray(), Assert.Single(_output.TakeBytes()));
}
