using System.Globalization;
using System.Net;
using EndpointPicker.Cluster.Resources;
using EndpointPicker.Core.Endpoints;

namespace EndpointPicker.Cluster.Following;

/// <summary>
/// Makes endpoints of pods: one for each port of the pool that the pod uses. A port's place in the pool's list is its data-parallel rank, and
/// part of the endpoint's name, so that a pod's other ports keep their endpoints when one of them goes.
/// </summary>
internal static class PodEndpoints
{
    /// <summary>The endpoints of all pods that serve, ordered by name.</summary>
    /// <param name="pods">The pods.</param>
    /// <param name="targetPorts">The pool's ports.</param>
    public static List<EndpointDescription> Of(List<Pod> pods, IReadOnlyList<int> targetPorts)
    {
        pods.Sort(static (one, other) => string.CompareOrdinal(one.Metadata.Name, other.Metadata.Name));
        List<EndpointDescription> endpoints = new(pods.Count * targetPorts.Count);
        foreach (Pod pod in pods)
        {
            if (!pod.Serves)
            {
                continue;
            }

            HashSet<int>? active = pod.ActivePorts is { } listed ? Parse(listed) : null;
            for (int rank = 0; rank < targetPorts.Count; rank++)
            {
                if (active is null || active.Contains(targetPorts[rank]))
                {
                    endpoints.Add(new EndpointDescription(
                        pod.Metadata.Namespace,
                        string.Create(CultureInfo.InvariantCulture, $"{pod.Metadata.Name}-rank-{rank}"),
                        new IPEndPoint(pod.Address!, targetPorts[rank]),
                        pod.Labels)
                    {
                        Rank = rank,
                        Incarnation = pod.Metadata.Uid,
                    });
                }
            }
        }

        return endpoints;
    }

    // Of each entry the leading digits count, as in "8000/tcp"; what has none is no port.
    private static HashSet<int> Parse(string listed)
    {
        HashSet<int> ports = [];
        foreach (Range entry in listed.AsSpan().Split(','))
        {
            ReadOnlySpan<char> text = listed.AsSpan(entry).Trim();
            int digits = text.IndexOfAnyExceptInRange('0', '9');
            if (int.TryParse(digits < 0 ? text : text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out int port))
            {
                ports.Add(port);
            }
        }

        return ports;
    }
}
