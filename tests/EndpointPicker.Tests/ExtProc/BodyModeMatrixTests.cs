using EndpointPicker.Core.RequestControl;
using EndpointPicker.ExtProc;
using EndpointPicker.LoadGenerator.Rules;
using Envoy.Service.ExtProc.V3;
using static Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types;

namespace EndpointPicker.Tests.ExtProc;

/// <summary>Every body mode against every order in which an HTTP exchange may arrive, judged by the rules of a real Envoy.</summary>
public sealed class BodyModeMatrixTests
{
    private static readonly BodySendMode[] Modes =
    [
        BodySendMode.None, BodySendMode.Buffered, BodySendMode.BufferedPartial, BodySendMode.Streamed, BodySendMode.FullDuplexStreamed, BodySendMode.Grpc,
    ];

    public static TheoryData<string, string, string> Cells()
    {
        TheoryData<string, string, string> cells = [];
        foreach (BodySendMode mode in Modes)
        {
            foreach (string shape in new[]
            {
                "no body", "one chunk", "chunk and empty last", "many chunks", "empty body", "trailers", "many chunks and trailers",
                "empty chunk and trailers", "trailers alone", "headers skipped", "headers skipped, whole", "headers skipped, trailers", "large",
            })
            {
                foreach (string variant in new[] { "one by one", "together", "body unwanted", "request lifetime", "reference" })
                {
                    cells.Add(mode.ToString(), shape, variant);
                }
            }
        }

        return cells;
    }

    public static TheoryData<string, string, string> ResponseCells()
    {
        TheoryData<string, string, string> cells = [];
        foreach (BodySendMode mode in Modes)
        {
            foreach (string shape in new[] { "json", "events", "events and trailers", "head", "headers skipped", "trailers alone", "empty chunk" })
            {
                foreach (string variant in new[] { "auto", "headers lifetime", "reference", "local reply", "draining" })
                {
                    cells.Add(mode.ToString(), shape, variant);
                }
            }
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Request_AnyModeAndShape_KeepsEnvoysRules(string modeName, string shape, string variant)
    {
        BodySendMode mode = Enum.Parse<BodySendMode>(modeName);
        List<ProcessingRequest> messages = Shape(mode, shape);
        ExchangeDriver driver = new(new EnvoyRulesOptions { RequestBodyMode = mode }, new ExtProcOptions
        {
            Lifetime = variant == "request lifetime" ? StreamLifetime.Request : StreamLifetime.Auto,
            Compatibility = variant == "reference" ? WireCompatibility.Reference : WireCompatibility.None,
        });
        driver.Control.WantsBody = variant != "body unwanted";
        messages[0].In(mode);

        if (variant == "together" && mode is BodySendMode.FullDuplexStreamed or BodySendMode.Grpc)
        {
            await driver.SendAsync([.. messages]);
        }
        else
        {
            foreach (ProcessingRequest message in messages)
            {
                await driver.SendAsync(message);
                if (mode is not (BodySendMode.FullDuplexStreamed or BodySendMode.Grpc))
                {
                    Assert.True(driver.Rules.IsSettled, "Envoy would wait for an answer until its timeout");
                }

                if (driver.Ended)
                {
                    break;
                }
            }
        }

        driver.Rules.Finish();
        Assert.Empty(driver.Rules.Violations);
        Assert.True(driver.Rules.IsSettled);
        Assert.Equal("10.0.0.7:8000", driver.Rules.DestinationMetadata);
        Assert.Equal(variant == "request lifetime", driver.Ended);
        driver.Leave();
        Assert.Single(driver.Control.Ends);
    }

    [Theory]
    [MemberData(nameof(ResponseCells))]
    public async Task Response_AnyModeAndShape_KeepsEnvoysRules(string modeName, string shape, string variant)
    {
        BodySendMode mode = Enum.Parse<BodySendMode>(modeName);
        ExchangeDriver driver = new(new EnvoyRulesOptions { RequestBodyMode = BodySendMode.Buffered, ResponseBodyMode = mode }, new ExtProcOptions
        {
            Lifetime = variant == "headers lifetime" ? StreamLifetime.Headers : StreamLifetime.Auto,
            Compatibility = variant == "reference" ? WireCompatibility.Reference : WireCompatibility.None,
        });
        await driver.SendAsync(Messages.RequestHeaders().In(BodySendMode.Buffered, mode));
        if (variant != "local reply")
        {
            await driver.SendAsync(Messages.RequestBody("{}", end: true));
        }

        if (variant == "draining")
        {
            driver.Drain();
        }

        List<ProcessingRequest> messages = ResponseShape(mode, shape);
        foreach (ProcessingRequest message in messages)
        {
            if (driver.Ended)
            {
                break;
            }

            await driver.SendAsync(message);
            if (mode is not (BodySendMode.FullDuplexStreamed or BodySendMode.Grpc))
            {
                Assert.True(driver.Rules.IsSettled, "Envoy would wait for an answer until its timeout");
            }
        }

        if (variant != "local reply")
        {
            driver.Rules.Finish();
        }

        Assert.Empty(driver.Rules.Violations);
        Assert.True(driver.Rules.IsSettled);
        bool fullDuplex = mode is BodySendMode.FullDuplexStreamed or BodySendMode.Grpc;
        bool endsEarly = !fullDuplex && (variant == "draining" || (variant == "headers lifetime" && !ShowsEndAtOnce(mode, shape)));
        Assert.Equal(endsEarly || variant == "draining", driver.Ended);
        driver.Leave();
        StreamEnd expected = endsEarly ? StreamEnd.RequestSent : EndOf(mode, shape);
        if (variant == "local reply" && expected == StreamEnd.RequestSent)
        {
            expected = StreamEnd.Abandoned;
        }

        Assert.Equal([expected], driver.Control.Ends);
    }

    private static bool ShowsEndAtOnce(BodySendMode mode, string shape) => shape == "head" || (shape == "headers skipped" && mode != BodySendMode.None);

    // In mode NONE Envoy shows no end, unless the headers are it or trailers come; then the time tells, and here the stream ends at once.
    private static StreamEnd EndOf(BodySendMode mode, string shape) =>
        mode == BodySendMode.None && shape is not ("head" or "events and trailers" or "trailers alone") ? StreamEnd.RequestSent : StreamEnd.Completed;

    private static List<ProcessingRequest> Shape(BodySendMode mode, string shape)
    {
        bool whole = mode is BodySendMode.Buffered or BodySendMode.BufferedPartial;
        bool none = mode == BodySendMode.None;
        ProcessingRequest headers = Messages.RequestHeaders(end: shape == "no body", ("x-gateway-destination-endpoint", "6.6.6.6:666"));
        byte[] large = new byte[400_000];
        new Random(1).NextBytes(large);
        ProcessingRequest[] rest = shape switch
        {
            "no body" => [],
            "one chunk" => [Messages.RequestBody("{\"a\":1}", end: true)],
            "chunk and empty last" => whole ? [Messages.RequestBody("{}", end: true)] : [Messages.RequestBody("{}"), Messages.RequestBody("", end: true)],
            "many chunks" => whole
                ? [Messages.RequestBody("{}}", end: true)]
                : [Messages.RequestBody("{"), Messages.RequestBody("}"), Messages.RequestBody(""), Messages.RequestBody("}", end: true)],
            "empty body" => [Messages.RequestBody("", end: true)],
            "trailers" => [Messages.RequestBody("{}"), Messages.RequestTrailers()],
            "many chunks and trailers" => whole
                ? [Messages.RequestBody("{}"), Messages.RequestTrailers()]
                : [Messages.RequestBody("{"), Messages.RequestBody("}"), Messages.RequestTrailers()],
            "empty chunk and trailers" => [Messages.RequestBody(""), Messages.RequestTrailers()],
            "trailers alone" => [Messages.RequestTrailers()],
            "headers skipped" => whole ? [Messages.RequestBody("{}", end: true)] : [Messages.RequestBody("{}"), Messages.RequestBody("", end: true)],
            "headers skipped, whole" => [Messages.RequestBody("{}", end: true)],
            "headers skipped, trailers" => none ? [Messages.RequestTrailers()] : [Messages.RequestBody("{}"), Messages.RequestTrailers()],
            _ => [Messages.RequestBody(large, end: true)],
        };
        if (none)
        {
            rest = [.. rest.Where(message => message.RequestBody is null)];
        }

        return shape.StartsWith("headers skipped", StringComparison.Ordinal) && rest.Length > 0 ? [.. rest] : [headers, .. rest];
    }

    private static List<ProcessingRequest> ResponseShape(BodySendMode mode, string shape)
    {
        bool whole = mode is BodySendMode.Buffered or BodySendMode.BufferedPartial;
        (string, string) json = ("content-type", "application/json");
        (string, string) events = ("content-type", "text/event-stream");
        ProcessingRequest[] messages = shape switch
        {
            "json" when whole => [Messages.ResponseHeaders(false, json), Messages.ResponseBody("{\"a\":1}", end: true)],
            "json" => [Messages.ResponseHeaders(false, json), Messages.ResponseBody("{\"a\":1}"), Messages.ResponseBody("", end: true)],
            "events" when whole => [Messages.ResponseHeaders(false, events), Messages.ResponseBody("data: 1\n\ndata: 2\n\n", end: true)],
            "events" =>
                [Messages.ResponseHeaders(false, events), Messages.ResponseBody("data: 1\n\n"), Messages.ResponseBody("data: 2\n\n"), Messages.ResponseBody("", end: true)],
            "events and trailers" when whole => [Messages.ResponseHeaders(false, events), Messages.ResponseBody("data: 1\n\n"), Messages.ResponseTrailers()],
            "events and trailers" =>
                [Messages.ResponseHeaders(false, events), Messages.ResponseBody("data: 1\n\n"), Messages.ResponseBody("data: 2\n\n"), Messages.ResponseTrailers()],
            "head" => [Messages.ResponseHeaders(end: true, json)],
            "headers skipped" => [Messages.ResponseBody("{\"a\":1}", end: true)],
            "trailers alone" => [Messages.ResponseHeaders(false, json), Messages.ResponseTrailers()],
            _ => [Messages.ResponseHeaders(false, json), Messages.ResponseBody("", end: true)],
        };
        return mode != BodySendMode.None ? [.. messages] : shape == "headers skipped"
            ? [Messages.ResponseHeaders(false, json)]
            : [.. messages.Where(message => message.ResponseBody is null)];
    }
}
