using System.Buffers;
using System.Text;
using EndpointPicker.Core.Requests;
using EndpointPicker.ExtProc;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Testing;

namespace EndpointPicker.Tests.ExtProc;

public sealed class ProcessingRequestReaderTests
{
    private readonly ProcessingMessage _message = new();
    private readonly InferenceRequest _request = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void TryRead_AnyMessageInAnySplit_ReadsWhatGeneratedCodeReads(int seed)
    {
        Random random = new(seed);
        AnyProcessingRequest any = new(random);
        ProcessingRequestReader sut = new(acceptTextSubset: true);
        for (int i = 0; i < 1500; i++)
        {
            ProcessingRequest expected = any.Next();
            _request.Reset();

            Assert.True(sut.TryRead(SplitBytes.Randomly(expected.ToByteArray(), random), _message, _request));

            AssertSame(expected);
        }
    }

    [Fact]
    public void TryRead_EverySingleSplit_ReadsTheSame()
    {
        ProcessingRequest expected = new()
        {
            RequestHeaders = new HttpHeaders { Headers = new HeaderMap { Headers = { new HeaderValue { Key = ":path", RawValue = ByteString.CopyFromUtf8("/v1") } } } },
            ProtocolConfig = new ProtocolConfiguration { SendBodyWithoutWaitingForHeaderResponse = true },
        };
        byte[] bytes = expected.ToByteArray();
        ProcessingRequestReader sut = new(acceptTextSubset: true);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            _request.Reset();
            Assert.True(sut.TryRead(SplitBytes.At(bytes, cut), _message, _request));
            AssertSame(expected);
        }
    }

    [Fact]
    public void TryRead_TruncatedAtAnyByte_NeverThrows()
    {
        Random random = new(5);
        byte[] bytes = new AnyProcessingRequest(random).Next().ToByteArray();
        ProcessingRequestReader sut = new(acceptTextSubset: true);
        for (int length = 0; length < bytes.Length; length++)
        {
            byte[] truncated = bytes[..length];
            Assert.Equal(GeneratedReads(truncated), sut.TryRead(new ReadOnlySequence<byte>(truncated), _message, _request));
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void TryRead_MutatedBytes_RefusesOrReadsWhatGeneratedCodeReads(int seed)
    {
        Random random = new(seed);
        AnyProcessingRequest any = new(random);
        ProcessingRequestReader sut = new(acceptTextSubset: true);
        int read = 0;
        int stricter = 0;
        for (int i = 0; i < 8000; i++)
        {
            byte[] bytes = any.Next().ToByteArray();
            if (bytes.Length == 0)
            {
                continue;
            }

            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(Math.Min(bytes.Length, 400))] = (byte)random.Next(256);
            }

            _request.Reset();
            if (!sut.TryRead(SplitBytes.Randomly(bytes, random), _message, _request))
            {
                // Generated code passes over undefined wire types in map entries and cuts over-long tags; we refuse both.
                stricter += GeneratedReads(bytes) ? 1 : 0;
                continue;
            }

            read++;
            if (GeneratedReads(bytes))
            {
                ProcessingRequest expected = ProcessingRequest.Parser.ParseFrom(bytes);
                Assert.Equal((int)expected.RequestCase, (int)_message.Kind);
                Assert.Equal((expected.RequestBody ?? expected.ResponseBody)?.Body.ToByteArray() ?? [], _message.Body.ToArray());
                Assert.Equal(expected.RequestHeaders?.Headers?.Headers.Count ?? 0, _request.Headers.Count);
                Assert.Equal(expected.ResponseHeaders?.Headers?.Headers.Count ?? 0, _message.ResponseHeaders.Count);
            }
        }

        Assert.InRange(read, 1000, 7_000);
        Assert.InRange(stricter, 0, 80);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void TryRead_RandomBytes_NeverThrows(int seed)
    {
        Random random = new(seed);
        ProcessingRequestReader sut = new(acceptTextSubset: false);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            bool read = sut.TryRead(SplitBytes.Randomly(bytes, random), _message, _request);
            Assert.True(!read || GeneratedReads(bytes) || HasParts(bytes));
        }
    }

    [Fact]
    public void TryRead_LengthBeyondTheMessage_RefusesWithoutAllocating()
    {
        // request_headers of 2 GiB - 1 bytes, of which none follow.
        ReadOnlySequence<byte> bytes = new([0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0x07]);
        ProcessingRequestReader sut = new(acceptTextSubset: true);
        Assert.False(sut.TryRead(bytes, _message, _request));

        bool read = true;
        Assert.Equal(0, Allocations.Least(() => read = sut.TryRead(bytes, _message, _request)));
        Assert.False(read);
    }

    [Fact]
    public void TryRead_NestedUnknownGroups_RefusesBeyondTheDepthOfGeneratedCode()
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)0xA3, 100_000).SelectMany(tag => new byte[] { tag, 0x06 })];
        ProcessingRequestReader sut = new(acceptTextSubset: true);

        Assert.False(sut.TryRead(new ReadOnlySequence<byte>(bytes), _message, _request));
    }

    [Theory]
    [InlineData(true, "httproute/default/chat/rule/0")]
    [InlineData(false, "")]
    public void TryRead_RouteName_IsKeptWhereItIsWanted(bool wanted, string expected)
    {
        Struct attributes = new();
        attributes.Fields["xds.route_name"] = Value.ForString("httproute/default/chat/rule/0");
        attributes.Fields["xds.cluster_name"] = Value.ForString("other");
        ProcessingRequest request = new() { RequestHeaders = new HttpHeaders() };
        request.Attributes["envoy.filters.http.ext_proc"] = attributes;

        Assert.True(new ProcessingRequestReader(acceptTextSubset: true, wanted).TryRead(new(request.ToByteArray()), _message, _request));
        Assert.Equal(expected, Encoding.UTF8.GetString(_request.RouteName));
        _request.Reset();
        Assert.Equal(0, _request.RouteName.Length);
    }

    [Fact]
    public void TryRead_TextSubsetWhereListsAlone_IgnoresIt()
    {
        ProcessingRequest request = new()
        {
            MetadataContext = new Metadata
            {
                FilterMetadata =
                {
                    ["envoy.lb.subset_hint"] = new Struct { Fields = { ["x-gateway-destination-endpoint-subset"] = Value.ForString("10.0.0.1:1") } },
                },
            },
        };

        Assert.True(new ProcessingRequestReader(acceptTextSubset: false).TryRead(new(request.ToByteArray()), _message, _request));

        Assert.False(_request.Subset.Present);
    }

    private static bool GeneratedReads(byte[] bytes)
    {
        try
        {
            ProcessingRequest.Parser.ParseFrom(bytes);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    // Trailers, typed metadata and values that are not asked for are passed over unread, so faults inside them go unseen.
    private static bool HasParts(byte[] bytes) => bytes.Any(b => (b & 7) is 2 or 3);

    private void AssertSame(ProcessingRequest expected)
    {
        Assert.Equal((int)expected.RequestCase, (int)_message.Kind);
        Assert.Equal(expected.ObservabilityMode, _message.ObservabilityMode);
        AssertSame(expected.RequestHeaders?.Headers, _request.Headers);
        AssertSame(expected.ResponseHeaders?.Headers, _message.ResponseHeaders);
        HttpBody? body = expected.RequestBody ?? expected.ResponseBody;
        Assert.Equal(body?.Body.ToByteArray() ?? [], _message.Body.ToArray());
        Assert.Equal(body?.EndOfStream ?? (expected.RequestHeaders ?? expected.ResponseHeaders)?.EndOfStream ?? false, _message.EndOfStream);
        Assert.Equal(body?.EndOfStreamWithoutMessage ?? false, _message.EndWithoutMessage);
        Assert.Equal(body?.GrpcMessageCompressed ?? false, _message.GrpcMessageCompressed);
        Assert.Equal(expected.ProtocolConfig is not null, _message.HasProtocolConfig);
        Assert.Equal((int)(expected.ProtocolConfig?.RequestBodyMode ?? 0), (int)_message.RequestBodyMode);
        Assert.Equal((int)(expected.ProtocolConfig?.ResponseBodyMode ?? 0), (int)_message.ResponseBodyMode);
        Assert.Equal(expected.ProtocolConfig?.SendBodyWithoutWaitingForHeaderResponse ?? false, _message.SendsBodyWithoutWaiting);
        AssertSameSubset(expected);
        AssertSameFeedback(expected);
    }

    private static void AssertSame(HeaderMap? expected, HeaderTable actual)
    {
        Assert.Equal(expected?.Headers.Count ?? 0, actual.Count);
        for (int i = 0; i < actual.Count; i++)
        {
            HeaderValue line = expected!.Headers[i];
            Assert.Equal(line.Key.ToLowerInvariant(), Encoding.UTF8.GetString(actual.Name(i)));
            Assert.Equal(line.RawValue.IsEmpty ? Encoding.UTF8.GetBytes(line.Value) : line.RawValue.ToByteArray(), actual.Value(i).ToArray());
        }
    }

    private void AssertSameSubset(ProcessingRequest expected)
    {
        Value? hint = Field(expected, "envoy.lb.subset_hint", "x-gateway-destination-endpoint-subset");
        string[]? entries = hint?.KindCase switch
        {
            Value.KindOneofCase.StringValue => hint.StringValue.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            Value.KindOneofCase.ListValue => [.. hint.ListValue.Values.Where(v => v.HasStringValue).Select(v => v.StringValue)],
            _ => null,
        };
        Assert.Equal(entries is not null, _request.Subset.Present);
        Assert.Equal(entries ?? [], Enumerable.Range(0, _request.Subset.Count).Select(i => Encoding.UTF8.GetString(_request.Subset[i])));
    }

    private void AssertSameFeedback(ProcessingRequest expected)
    {
        Struct? attributes = expected.Attributes.GetValueOrDefault("envoy.filters.http.ext_proc");
        Value? served = Field(expected, "envoy.lb", "x-gateway-destination-endpoint-served");
        string address = served?.KindCase == Value.KindOneofCase.StringValue
            ? served.StringValue
            : attributes?.Fields.GetValueOrDefault("upstream.address")?.StringValue ?? "";
        Assert.Equal(address, Encoding.UTF8.GetString(_message.Served.Span));
        Assert.Equal(attributes?.Fields.GetValueOrDefault("response.flags")?.NumberValue ?? 0, _message.ResponseFlags);
        Assert.Equal(attributes?.Fields.GetValueOrDefault("upstream.request_attempt_count")?.NumberValue ?? 0, _message.Attempts);
    }

    private static Value? Field(ProcessingRequest request, string space, string name) =>
        request.MetadataContext?.FilterMetadata.GetValueOrDefault(space)?.Fields.GetValueOrDefault(name);
}
