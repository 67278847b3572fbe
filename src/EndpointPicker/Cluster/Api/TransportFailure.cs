using System.Net.Sockets;
using System.Text.Json;

namespace EndpointPicker.Cluster.Api;

/// <summary>Failures of the way to the API server, as opposed to its refusals and to bugs.</summary>
internal static class TransportFailure
{
    /// <summary>Whether an exception is one; a cancellation counts, as every budget ends in one.</summary>
    public static bool Is(Exception failure) => failure is ApiUnreachableException or HttpRequestException or IOException or InvalidDataException or JsonException
        or SocketException or OperationCanceledException or ObjectDisposedException;

    /// <summary>What happened, with all causes, in a line.</summary>
    public static string Reason(Exception failure)
    {
        string reason = failure is OperationCanceledException ? "no answer in time" : failure.Message;
        for (Exception? cause = failure.InnerException; cause is not null; cause = cause.InnerException)
        {
            reason += reason.Contains(cause.Message, StringComparison.Ordinal) ? "" : $": {cause.Message}";
        }

        return reason;
    }
}
