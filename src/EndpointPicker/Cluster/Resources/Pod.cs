using System.Collections.Frozen;
using System.Net;
using System.Text.Json;
using EndpointPicker.Cluster.Api;

namespace EndpointPicker.Cluster.Resources;

/// <summary>A pod, as far as it matters to who may be sent requests.</summary>
internal sealed record Pod : IClusterObject
{
    public required ObjectMetadata Metadata { get; init; }

    public FrozenDictionary<string, string> Labels { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The ports that it wants to be used, as its annotation lists them; <see langword="null"/> without one.</summary>
    public string? ActivePorts { get; init; }

    /// <summary>The first of its addresses; <see langword="null"/> while it has none.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Whether its condition <c>Ready</c> is true.</summary>
    public bool Ready { get; init; }

    /// <summary>Whether all its containers have ended for good; the condition may still say otherwise for a moment.</summary>
    public bool Ended { get; init; }

    /// <summary>Whether requests may be sent to it, for as long as it is not being deleted.</summary>
    public bool Serves => Ready && !Ended && Address is not null;

    /// <summary>Reads a pod.</summary>
    /// <param name="json">At the object's start; left at its end.</param>
    /// <param name="pod">The pod.</param>
    /// <returns>Whether it is one: it has a name.</returns>
    public static bool TryRead(ref Utf8JsonReader json, out Pod pod)
    {
        pod = new Pod { Metadata = ObjectMetadata.None };
        while (json.NextField())
        {
            if (json.ValueTextEquals("metadata"u8))
            {
                pod = ReadMetadata(ref json, pod);
            }
            else if (json.ValueTextEquals("status"u8))
            {
                pod = ReadStatus(ref json, pod);
            }
            else
            {
                json.SkipValue();
            }
        }

        return pod.Metadata.Name.Length > 0;
    }

    private static Pod ReadMetadata(ref Utf8JsonReader json, Pod pod)
    {
        ObjectMetadata metadata = ObjectMetadata.None;
        FrozenDictionary<string, string> labels = pod.Labels;
        string? activePorts = null;
        if (json.EnterObject())
        {
            while (json.NextField())
            {
                if (json.ValueTextEquals("labels"u8))
                {
                    labels = json.TakeTexts().ToFrozenDictionary(StringComparer.Ordinal);
                }
                else if (json.ValueTextEquals("annotations"u8))
                {
                    activePorts = ReadActivePorts(ref json);
                }
                else if (!metadata.TakeField(ref json))
                {
                    json.SkipValue();
                }
            }
        }

        return pod with { Metadata = metadata, Labels = labels, ActivePorts = activePorts };
    }

    // The newer of the two names wins, even where its list is empty.
    private static string? ReadActivePorts(ref Utf8JsonReader json)
    {
        string? ports = null;
        string? legacy = null;
        if (json.EnterObject())
        {
            while (json.NextField())
            {
                if (json.ValueTextEquals("llm-d.ai/active-ports"u8))
                {
                    ports = json.TakeText();
                }
                else if (json.ValueTextEquals("inference.networking.k8s.io/active-ports"u8))
                {
                    legacy = json.TakeText();
                }
                else
                {
                    json.SkipValue();
                }
            }
        }

        return ports ?? legacy;
    }

    private static Pod ReadStatus(ref Utf8JsonReader json, Pod pod)
    {
        if (!json.EnterObject())
        {
            return pod;
        }

        while (json.NextField())
        {
            if (json.ValueTextEquals("podIP"u8))
            {
                pod = pod with { Address = IPAddress.TryParse(json.TakeText(), out IPAddress? address) ? address : null };
            }
            else if (json.ValueTextEquals("phase"u8))
            {
                pod = pod with { Ended = json.TakeText() is "Succeeded" or "Failed" };
            }
            else if (json.ValueTextEquals("conditions"u8))
            {
                pod = pod with { Ready = ReadReady(ref json) };
            }
            else
            {
                json.SkipValue();
            }
        }

        return pod;
    }

    private static bool ReadReady(ref Utf8JsonReader json)
    {
        bool ready = false;
        if (json.EnterArray())
        {
            while (json.NextObject())
            {
                bool isReady = false;
                bool isTrue = false;
                while (json.NextField())
                {
                    if (json.ValueTextEquals("type"u8))
                    {
                        isReady = json.TakeText() == "Ready";
                    }
                    else if (json.ValueTextEquals("status"u8))
                    {
                        isTrue = json.TakeText() == "True";
                    }
                    else
                    {
                        json.SkipValue();
                    }
                }

                ready |= isReady && isTrue;
            }
        }

        return ready;
    }
}
