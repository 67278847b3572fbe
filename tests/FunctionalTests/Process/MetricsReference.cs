using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FunctionalTests.Process;

/// <summary>The reference of metrics, made of what a live page shows.</summary>
internal sealed partial class MetricsReference
{
    private MetricsReference(IReadOnlyList<Family> families) => Families = families;

    public IReadOnlyList<Family> Families { get; }

    public static MetricsReference Read(string page)
    {
        List<Family> families = [];
        foreach (string line in page.Split('\n'))
        {
            string[] words = line.Split(' ', 4);
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                families.Add(new Family(words[2], words[3]));
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                Assert.Equal(families[^1].Name, words[2]);
                families[^1].Type = words[3];
            }
            else if (line.Length > 0)
            {
                Assert.StartsWith(families[^1].Name, line, StringComparison.Ordinal);
                families[^1].Add(line);
            }
        }

        return new MetricsReference(families);
    }

    public string ToMarkdown()
    {
        StringBuilder text = new("| name | type | labels | buckets | meaning | older twin |\n|---|---|---|---|---|---|\n");
        List<string> buckets = [];
        foreach (Family family in Families.Where(family => family.IsCurrent).OrderBy(family => family.Name, StringComparer.Ordinal))
        {
            Family? twin = Families.SingleOrDefault(other => !other.IsCurrent && other.Meaning == family.Meaning);
            string bounds = string.Join(" ", family.Bounds);
            if (bounds.Length > 0 && !buckets.Contains(bounds))
            {
                buckets.Add(bounds);
            }

            string key = bounds.Length > 0 ? $"B{(buckets.IndexOf(bounds) + 1).ToString(CultureInfo.InvariantCulture)}" : "";
            text.Append(CultureInfo.InvariantCulture, $"| `{family.Name}` | {family.Type} | {Names(family.Labels)} | {key} | {family.Meaning} | {(twin is null ? "" : Twin(family, twin))} |\n");
        }

        text.Append("\n| buckets | upper bounds |\n|---|---|\n");
        for (int i = 0; i < buckets.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"| B{i + 1} | {buckets[i]} |\n");
        }

        Assert.All(Families.Where(family => !family.IsCurrent), old => Assert.Single(Families, family => family.IsCurrent && family.Meaning == old.Meaning));
        return text.ToString();
    }

    private static string Twin(Family family, Family twin)
    {
        Assert.Equal((family.Type, string.Join(' ', family.Bounds)), (twin.Type, string.Join(' ', twin.Bounds)));
        return twin.Labels.SequenceEqual(family.Labels) ? $"`{twin.Name}`" : $"`{twin.Name}` with {(twin.Labels.Count == 0 ? "no label" : Names(twin.Labels))}";
    }

    private static string Names(IEnumerable<string> labels) => string.Join(", ", labels.Select(label => $"`{label}`"));

    internal sealed partial class Family(string name, string help)
    {
        public string Name { get; } = name;

        public string Type { get; set; } = "";

        /// <summary>What the help says without its marks.</summary>
        public string Meaning { get; } = Marks().Replace(help, "");

        public bool IsCurrent => Name.StartsWith("llm_d_epp_", StringComparison.Ordinal) || Name.StartsWith("process_", StringComparison.Ordinal) || Name.StartsWith("dotnet_", StringComparison.Ordinal);

        public List<string> Labels { get; } = [];

        public List<string> Bounds { get; } = [];

        public void Add(string line)
        {
            foreach (Match label in Label().Matches(line))
            {
                (string key, string value) = (label.Groups[1].Value, label.Groups[2].Value);
                List<string> into = key == "le" ? Bounds : Labels;
                string item = key == "le" ? value : key;
                if (item != "+Inf" && !into.Contains(item))
                {
                    into.Add(item);
                }
            }
        }

        [GeneratedRegex("[{,]([a-z_]+)=\"([^\"]*)\"")]
        private static partial Regex Label();

        [GeneratedRegex(@"^\[ALPHA\] (\[Deprecated: Use [a-z0-9_]+\] )?")]
        private static partial Regex Marks();
    }
}
