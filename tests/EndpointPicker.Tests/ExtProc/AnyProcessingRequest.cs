using System.Globalization;
using Envoy.Config.Core.V3;
using Envoy.Extensions.Filters.Http.ExtProc.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace EndpointPicker.Tests.ExtProc;

/// <summary>Makes any message that a proxy may send, sensible or not.</summary>
internal sealed class AnyProcessingRequest(Random random)
{
    public ProcessingRequest Next()
    {
        ProcessingRequest request = new() { ObservabilityMode = Chance(10) };
        switch (random.Next(7))
        {
            case 0:
                request.RequestHeaders = Headers();
                break;
            case 1:
                request.ResponseHeaders = Headers();
                break;
            case 2:
                request.RequestBody = Body();
                break;
            case 3:
                request.ResponseBody = Body();
                break;
            case 4:
                request.RequestTrailers = new HttpTrailers { Trailers = Map() };
                break;
            case 5:
                request.ResponseTrailers = new HttpTrailers { Trailers = Map() };
                break;
            default:
                break;
        }

        if (Chance(50))
        {
            request.MetadataContext = Metadata();
        }

        if (Chance(30))
        {
            request.Attributes["envoy.filters.http.ext_proc"] = Attributes();
        }

        if (Chance(30))
        {
            request.ProtocolConfig = new ProtocolConfiguration
            {
                RequestBodyMode = (ProcessingMode.Types.BodySendMode)random.Next(6),
                ResponseBodyMode = (ProcessingMode.Types.BodySendMode)random.Next(6),
                SendBodyWithoutWaitingForHeaderResponse = Chance(50),
            };
        }

        return request;
    }

    private bool Chance(int percent) => random.Next(100) < percent;

    private HttpHeaders Headers() => new() { Headers = Map(), EndOfStream = Chance(50) };

    private HttpBody Body() => new()
    {
        Body = Bytes(Chance(10) ? 200_000 : 300),
        EndOfStream = Chance(50),
        EndOfStreamWithoutMessage = Chance(5),
        GrpcMessageCompressed = Chance(5),
    };

    private HeaderMap Map()
    {
        HeaderMap map = new();
        for (int i = random.Next(25); i > 0; i--)
        {
            HeaderValue line = new() { Key = Chance(70) ? Text(20).ToLowerInvariant() : Text(20) };
            if (Chance(80))
            {
                line.RawValue = Bytes(40);
            }

            if (Chance(20))
            {
                line.Value = Text(40);
            }

            map.Headers.Add(line);
        }

        return map;
    }

    private Metadata Metadata()
    {
        Metadata metadata = new();
        if (Chance(60))
        {
            metadata.FilterMetadata["envoy.lb.subset_hint"] = Subset();
        }

        if (Chance(40))
        {
            metadata.FilterMetadata["envoy.lb"] = new Struct
            {
                Fields = { ["x-gateway-destination-endpoint-served"] = Chance(80) ? Value.ForString(Address()) : Value.ForNumber(1) },
            };
        }

        if (Chance(20))
        {
            metadata.FilterMetadata[Text(10)] = Subset();
            metadata.TypedFilterMetadata[Text(10)] = Any.Pack(Subset());
        }

        return metadata;
    }

    private Struct Subset()
    {
        Struct subset = new();
        if (Chance(30))
        {
            subset.Fields[Text(8)] = Value.ForStruct(new Struct { Fields = { [Text(3)] = Value.ForNull() } });
        }

        if (Chance(80))
        {
            subset.Fields["x-gateway-destination-endpoint-subset"] = random.Next(5) switch
            {
                0 => Value.ForString(string.Join(", ", Enumerable.Range(0, random.Next(4)).Select(_ => Address()))),
                1 => Value.ForNumber(random.NextDouble()),
                _ => Value.ForList([.. Enumerable.Range(0, random.Next(6)).Select(_ => Chance(90) ? Value.ForString(Address()) : Value.ForBool(true))]),
            };
        }

        return subset;
    }

    private Struct Attributes()
    {
        Struct attributes = new();
        if (Chance(60))
        {
            attributes.Fields["upstream.address"] = Value.ForString(Address());
        }

        if (Chance(60))
        {
            attributes.Fields["response.flags"] = Value.ForNumber(random.Next(1 << 28));
        }

        if (Chance(60))
        {
            attributes.Fields["upstream.request_attempt_count"] = Value.ForNumber(random.Next(10));
        }

        if (Chance(60))
        {
            attributes.Fields["response.code_details"] = Value.ForString("via_upstream");
        }

        return attributes;
    }

    private string Address() => string.Create(CultureInfo.InvariantCulture, $"10.0.{random.Next(256)}.{random.Next(256)}:{random.Next(65536)}");

    private string Text(int most) => string.Concat(Enumerable.Range(0, random.Next(most)).Select(_ => (char)random.Next('!', '~')));

    private ByteString Bytes(int most)
    {
        byte[] bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        return ByteString.CopyFrom(bytes);
    }
}
