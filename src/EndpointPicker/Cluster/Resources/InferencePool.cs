using System.Text.Json;
using EndpointPicker.Cluster.Api;

namespace EndpointPicker.Cluster.Resources;

/// <summary>A pool of model servers, of either version.</summary>
internal sealed record InferencePool : IClusterObject
{
    public required ObjectMetadata Metadata { get; init; }

    /// <summary>The API group that it is of; empty where the command line defines it.</summary>
    public required string Group { get; init; }

    /// <summary>The labels of its pods as a label selector; an empty one selects every pod of the namespace, <see langword="null"/> is none.</summary>
    public string? Selector { get; init; }

    /// <summary>The ports of each pod; a port's place in the list is its data-parallel rank.</summary>
    public IReadOnlyList<int> TargetPorts { get; init; } = [];

    /// <summary>What its pods speak; empty where the pool does not say.</summary>
    public string AppProtocol { get; init; } = "";

    /// <summary>Reads a pool of <c>inference.networking.k8s.io/v1</c>.</summary>
    /// <param name="json">At the object's start; left at its end.</param>
    /// <param name="pool">The pool.</param>
    /// <returns>Whether it is one: it has a name, a selector and a port.</returns>
    public static bool TryRead(ref Utf8JsonReader json, out InferencePool pool)
    {
        pool = Read(ref json, new InferencePool { Metadata = ObjectMetadata.None, Group = ApiGroups.Inference });
        return pool.IsWhole;
    }

    /// <summary>Reads a pool of <c>inference.networking.x-k8s.io/v1alpha2</c>.</summary>
    /// <param name="json">At the object's start; left at its end.</param>
    /// <param name="pool">The pool.</param>
    /// <returns>Whether it is one: it has a name, a selector and a port.</returns>
    public static bool TryReadExperimental(ref Utf8JsonReader json, out InferencePool pool)
    {
        pool = Read(ref json, new InferencePool { Metadata = ObjectMetadata.None, Group = ApiGroups.Experimental });
        return pool.IsWhole;
    }

    private bool IsWhole => Metadata.Name.Length > 0 && Selector is not null && TargetPorts.Count > 0;

    private static InferencePool Read(ref Utf8JsonReader json, InferencePool pool)
    {
        while (json.NextField())
        {
            if (json.ValueTextEquals("metadata"u8))
            {
                pool = pool with { Metadata = ObjectMetadata.Take(ref json) };
            }
            else if (json.ValueTextEquals("spec"u8))
            {
                pool = ReadSpec(ref json, pool);
            }
            else
            {
                json.SkipValue();
            }
        }

        return pool;
    }

    private static InferencePool ReadSpec(ref Utf8JsonReader json, InferencePool pool)
    {
        if (!json.EnterObject())
        {
            return pool;
        }

        while (json.NextField())
        {
            if (json.ValueTextEquals("selector"u8))
            {
                Dictionary<string, string>? labels = pool.Group == ApiGroups.Experimental ? json.TakeTexts() : ReadMatchLabels(ref json);
                pool = pool with { Selector = labels is null ? null : string.Join(',', labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}")) };
            }
            else if (json.ValueTextEquals("targetPorts"u8))
            {
                pool = pool with { TargetPorts = ReadPorts(ref json) };
            }
            else if (json.ValueTextEquals("targetPortNumber"u8))
            {
                pool = pool with { TargetPorts = json.TakeInteger() is { } port ? [port] : [] };
            }
            else if (json.ValueTextEquals("appProtocol"u8))
            {
                pool = pool with { AppProtocol = json.TakeText() ?? "" };
            }
            else
            {
                json.SkipValue();
            }
        }

        return pool;
    }

    private static Dictionary<string, string>? ReadMatchLabels(ref Utf8JsonReader json)
    {
        Dictionary<string, string>? labels = null;
        if (json.EnterObject())
        {
            while (json.NextField())
            {
                if (json.ValueTextEquals("matchLabels"u8))
                {
                    labels = json.TakeTexts();
                }
                else
                {
                    json.SkipValue();
                }
            }
        }

        return labels;
    }

    private static List<int> ReadPorts(ref Utf8JsonReader json)
    {
        List<int> ports = [];
        if (json.EnterArray())
        {
            while (json.NextObject())
            {
                while (json.NextField())
                {
                    if (!json.ValueTextEquals("number"u8))
                    {
                        json.SkipValue();
                    }
                    else if (json.TakeInteger() is { } port)
                    {
                        ports.Add(port);
                    }
                }
            }
        }

        return ports;
    }
}
