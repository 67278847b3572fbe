using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace EndpointPicker.Hosting.Tls;

/// <summary>Sends a new connection down the TLS or the plaintext pipeline, by its first byte and without consuming it.</summary>
internal sealed partial class FirstByteSwitch(
    ConnectionDelegate? tls, ConnectionDelegate? plaintext, TimeSpan timeout, TimeProvider timeProvider, ILogger<FirstByteSwitch> logger)
{
    // The record type of a TLS handshake, and the first letter of the HTTP/2 preface "PRI * HTTP/2.0".
    private const byte Handshake = 0x16;
    private const byte Preface = (byte)'P';

    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        byte? first = await PeekAsync(connection);
        ConnectionDelegate? next = first switch
        {
            Handshake => tls,
            Preface => plaintext,
            _ => null,
        };
        if (next is null)
        {
            Log.Refused(logger, connection.ConnectionId, first);
            connection.Abort(new ConnectionAbortedException("The first byte is of no protocol that this port takes."));
            return;
        }

        await next(connection);
    }

    private async ValueTask<byte?> PeekAsync(ConnectionContext connection)
    {
        using CancellationTokenSource late = new(timeout, timeProvider);

        // A server that stops waits for its connections; one that has said nothing need not be waited for.
        CancellationToken closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, closing);
        try
        {
            ReadResult result = await connection.Transport.Input.ReadAsync(either.Token);
            byte? first = result.Buffer.IsEmpty ? null : result.Buffer.FirstSpan[0];
            connection.Transport.Input.AdvanceTo(result.Buffer.Start);
            return first;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Connection {ConnectionId} refused, first byte {FirstByte}", EventName = nameof(Refused))]
        public static partial void Refused(ILogger logger, string connectionId, byte? firstByte);
    }
}
