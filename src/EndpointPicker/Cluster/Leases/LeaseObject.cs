using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EndpointPicker.Cluster.Leases;

/// <summary>The JSON of a Lease.</summary>
internal static class LeaseObject
{
    // Kubernetes' MicroTime, which takes no other number of digits from some of its clients.
    private const string MicroTime = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>A new object.</summary>
    public static byte[] Create(string space, string name, LeaseClaim claim) => Bytes(new JsonObject
    {
        ["apiVersion"] = "coordination.k8s.io/v1",
        ["kind"] = "Lease",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = space },
        ["spec"] = Write(new JsonObject(), claim),
    });

    /// <summary>An object as it was read, with another claim: whatever else it has stays, and with it the version that must still be the last.</summary>
    public static byte[] Update(ReadOnlyMemory<byte> document, LeaseClaim claim)
    {
        JsonObject lease = JsonNode.Parse(document.Span)!.AsObject();
        if (lease["spec"] is JsonObject spec)
        {
            Write(spec, claim);
        }
        else
        {
            lease["spec"] = Write(new JsonObject(), claim);
        }

        return Bytes(lease);
    }

    /// <summary>Reads an object.</summary>
    /// <returns>Whether it is one.</returns>
    public static bool TryRead(byte[] document, [NotNullWhen(true)] out LeaseRecord? lease)
    {
        lease = null;
        try
        {
            JsonNode? read = JsonNode.Parse(document);
            if ((string?)read?["metadata"]?["resourceVersion"] is not { Length: > 0 } version)
            {
                return false;
            }

            JsonNode? spec = read["spec"];
            LeaseClaim claim = new()
            {
                Holder = (string?)spec?["holderIdentity"] ?? "",
                Duration = TimeSpan.FromSeconds((int?)spec?["leaseDurationSeconds"] ?? 0),
                Transitions = (int?)spec?["leaseTransitions"] ?? 0,
                Acquired = Time(spec?["acquireTime"]),
                Renewed = Time(spec?["renewTime"]),
            };
            lease = new LeaseRecord(version, claim, document);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // No JSON, or fields of other types.
            return false;
        }
    }

    private static byte[] Bytes(JsonObject lease) => Encoding.UTF8.GetBytes(lease.ToJsonString());

    private static JsonObject Write(JsonObject spec, LeaseClaim claim)
    {
        spec["holderIdentity"] = claim.Holder;
        spec["leaseDurationSeconds"] = (int)Math.Ceiling(claim.Duration.TotalSeconds);
        spec["acquireTime"] = Text(claim.Acquired);
        spec["renewTime"] = Text(claim.Renewed);
        spec["leaseTransitions"] = claim.Transitions;
        return spec;
    }

    private static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString(MicroTime, CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(JsonNode? text) =>
        DateTimeOffset.TryParse((string?)text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;
}
