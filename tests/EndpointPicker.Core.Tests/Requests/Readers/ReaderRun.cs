using System.Text;
using EndpointPicker.Core.Requests;
using EndpointPicker.Core.Requests.Readers;

namespace EndpointPicker.Core.Tests.Requests.Readers;

/// <summary>One body read, and what came of it.</summary>
internal sealed record ReaderRun(InferenceRequest Request, RequestError? Error, List<string> Prompt)
{
    public static ReaderRun Of(RequestApi api, string body, int piece = int.MaxValue, bool dialects = false, bool cut = false, Action<InferenceRequest>? prepare = null)
    {
        JsonRequestReader reader = new(new RequestReadingOptions { AcceptDialects = dialects, MaxDepth = 32 }, new ModelNames(16));
        return Of(reader, api, Encoding.UTF8.GetBytes(body), piece, cut, prepare);
    }

    public static ReaderRun Of(JsonRequestReader reader, RequestApi api, byte[] body, int piece, bool cut, Action<InferenceRequest>? prepare = null)
    {
        InferenceRequest request = new();
        prepare?.Invoke(request);
        RecordingSink sink = new();
        reader.Begin(api, request, sink);
        for (int from = 0; from < body.Length; from += piece)
        {
            piece = Math.Min(piece, body.Length - from);
            if (!reader.Append(body.AsSpan(from, piece)))
            {
                break;
            }
        }

        RequestError? error = reader.Finish(cut);
        return new ReaderRun(request, error, sink.Finish());
    }
}
