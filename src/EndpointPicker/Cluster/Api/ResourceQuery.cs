using System.Globalization;
using System.Text;

namespace EndpointPicker.Cluster.Api;

/// <summary>Which objects a watch follows.</summary>
/// <param name="Kind">Their kind.</param>
/// <param name="Namespace">Their namespace.</param>
internal sealed record ResourceQuery(ResourceKind Kind, string Namespace)
{
    /// <summary>A field selector, such as <c>metadata.name=pool</c>; empty for all.</summary>
    public string FieldSelector { get; init; } = "";

    /// <summary>A label selector, such as <c>app=vllm</c>; empty for all.</summary>
    public string LabelSelector { get; init; } = "";

    /// <summary>How many objects a list asks for at once.</summary>
    /// <value>500, as kubectl and the informers of client-go do.</value>
    public int PageSize { get; init; } = 500;

    /// <summary>The path of a list.</summary>
    /// <param name="limit">The most objects; 0 for all.</param>
    /// <param name="next">Where the page begins; empty for the first.</param>
    public string ListPath(int limit, string next)
    {
        StringBuilder path = Selected();
        Append(path, "limit", limit > 0 ? limit.ToString(CultureInfo.InvariantCulture) : "");
        Append(path, "continue", next);
        return path.ToString();
    }

    /// <summary>The path of a watch.</summary>
    /// <param name="version">After which version it begins.</param>
    /// <param name="seconds">When the server shall end it.</param>
    public string WatchPath(string version, int seconds)
    {
        StringBuilder path = Selected();
        Append(path, "watch", "true");
        Append(path, "allowWatchBookmarks", "true");
        Append(path, "resourceVersion", version);
        Append(path, "timeoutSeconds", seconds.ToString(CultureInfo.InvariantCulture));
        return path.ToString();
    }

    /// <summary>The path of a list that is refused where the server has not reached a version, and else costs next to nothing.</summary>
    /// <param name="version">The version.</param>
    public string ReachedPath(string version)
    {
        StringBuilder path = new StringBuilder(Kind.Path(Namespace)).Append('?');

        // Limits are not kept by servers that answer from memory; a name is. With a name of its own, the right may be restricted to it.
        Append(path, "fieldSelector", FieldSelector.Length > 0 ? FieldSelector : "metadata.name=none");
        Append(path, "resourceVersion", version);
        Append(path, "resourceVersionMatch", "NotOlderThan");
        return path.ToString();
    }

    private static void Append(StringBuilder path, string name, string value)
    {
        if (value.Length > 0)
        {
            path.Append(path[^1] == '?' ? "" : "&").Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }

    private StringBuilder Selected()
    {
        StringBuilder path = new StringBuilder(Kind.Path(Namespace)).Append('?');
        Append(path, "fieldSelector", FieldSelector);
        Append(path, "labelSelector", LabelSelector);
        return path;
    }
}
