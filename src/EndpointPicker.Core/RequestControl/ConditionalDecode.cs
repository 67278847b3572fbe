using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.Scheduling;

namespace EndpointPicker.Core.RequestControl;

/// <summary>
/// <c>Prefer: if-available</c>: the client wants an answer only from a server that holds a prefix of its prompt. Where no producer tells what
/// is held, none does.
/// </summary>
internal static class ConditionalDecode
{
    public static bool Refuses(in SchedulingContext context, Scheduler scheduler, Endpoint picked)
    {
        if (!context.Request.Headers.TryGet("prefer"u8, out ReadOnlySpan<byte> prefer) || !AsksIfAvailable(prefer))
        {
            return false;
        }

        foreach (IDataProducer producer in scheduler.Producers)
        {
            if (context.Facts.Of<PrefixMatches>(producer).BlocksBySlot[picked.Slot] > 0)
            {
                return false;
            }
        }

        return true;
    }

    // A comma list of preferences, each with parameters after a semicolon; names compare without case.
    private static bool AsksIfAvailable(ReadOnlySpan<byte> prefer)
    {
        foreach (Range range in prefer.Split((byte)','))
        {
            ReadOnlySpan<byte> preference = prefer[range];
            int semicolon = preference.IndexOf((byte)';');
            preference = (semicolon < 0 ? preference : preference[..semicolon]).Trim(" \t"u8);
            if (System.Text.Ascii.EqualsIgnoreCase(preference, "if-available"u8))
            {
                return true;
            }
        }

        return false;
    }
}
