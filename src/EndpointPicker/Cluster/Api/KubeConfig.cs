using EndpointPicker.Configuration;
using EndpointPicker.Configuration.Yaml;

namespace EndpointPicker.Cluster.Api;

/// <summary>
/// One or more kubeconfig files as one, as kubectl merges them: of entries with the same name, and of current contexts, the first counts. Relative
/// paths are meant from the folder of their file.
/// </summary>
internal sealed class KubeConfig
{
    private readonly Dictionary<string, KubeConfigEntry> _clusters = [];
    private readonly Dictionary<string, KubeConfigEntry> _users = [];
    private readonly Dictionary<string, KubeConfigEntry> _contexts = [];
    private readonly List<string> _files = [];
    private string _current = "";

    /// <summary>Reads the files that exist.</summary>
    /// <param name="files">Their paths, those that count first first.</param>
    /// <returns>What they say together; <see langword="null"/> where none exists.</returns>
    /// <exception cref="ClusterAccessException">A file cannot be read or is no kubeconfig.</exception>
    public static KubeConfig? Load(IEnumerable<string> files)
    {
        KubeConfig config = new();
        foreach (string file in files.Where(File.Exists))
        {
            config.Add(file);
        }

        return config._files.Count > 0 ? config : null;
    }

    /// <summary>The access that the current context stands for.</summary>
    /// <exception cref="ClusterAccessException">It is missing, wrong, or asks for what is not supported.</exception>
    public ClusterAccess Access()
    {
        string files = string.Join(", ", _files);
        if (_current.Length == 0)
        {
            throw new ClusterAccessException($"{files} has no current-context; choose one with 'kubectl config use-context'");
        }

        KubeConfigEntry context = Find(_contexts, _current, "context", $"current-context of {files}");
        KubeConfigEntry cluster = Find(_clusters, context.Require("cluster"), "cluster", $"{context.Name} of {files}");
        KubeConfigEntry? user = context.Text("user") is { } name ? Find(_users, name, "user", $"{context.Name} of {files}") : null;
        return new ClusterAccess
        {
            Server = KubeConfigCluster.Server(cluster),
            Source = $"context '{_current}' of {files}",
            Namespace = context.Text("namespace") ?? "",
            Trust = KubeConfigCluster.Trust(cluster),
            Credentials = user is null ? new ClusterCredentials() : KubeConfigUser.Credentials(user),
        }.Checked();
    }

    private static KubeConfigEntry Find(Dictionary<string, KubeConfigEntry> entries, string name, string kind, string asker) =>
        entries.TryGetValue(name, out KubeConfigEntry? entry)
            ? entry
            : throw new ClusterAccessException($"{asker} names the {kind} '{name}', which does not exist; add it, or name one of: {string.Join(", ", entries.Keys)}");

    private void Add(string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ClusterAccessException($"the kubeconfig {file} cannot be read: {unreadable.Message}; check who may read it", unreadable);
        }

        _files.Add(file);
        DiagnosticReport report = new(file);
        ConfigNode? root = YamlTreeReader.Read(text, report);
        if (report.Errors > 0)
        {
            throw new ClusterAccessException($"the kubeconfig cannot be read: {report.Sorted().First(finding => finding.Severity == DiagnosticSeverity.Error)}");
        }

        if (root is null)
        {
            return;
        }

        if (root is not MappingNode mapping)
        {
            throw new ClusterAccessException($"{file} is no kubeconfig: it must be an object with clusters, users and contexts");
        }

        KubeConfigEntry whole = new(file, file, mapping);
        _current = _current.Length > 0 ? _current : whole.Text("current-context") ?? "";
        whole.Collect("clusters", "cluster", _clusters);
        whole.Collect("users", "user", _users);
        whole.Collect("contexts", "context", _contexts);
    }
}
