using EndpointPicker.Configuration.Plugins;
using Testing;

namespace EndpointPicker.Configuration.Tests.Plugins;

public sealed class CatalogDocumentationTests
{
    private const string Begin = "<!-- from the catalogue: begin -->\n\n";
    private const string End = "\n<!-- from the catalogue: end -->\n";

    private static string DocumentPath => Path.Combine(RepositoryRoot.Path, "docs", "configuration.md");

    [Fact]
    public async Task Document_PartFromTheCatalogue_IsWhatTheCatalogueSays()
    {
        string document = await File.ReadAllTextAsync(DocumentPath, TestContext.Current.CancellationToken);
        int from = document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int to = document.IndexOf(End, StringComparison.Ordinal);
        string expected = CatalogDocumentation.ToMarkdown();
        if (Environment.GetEnvironmentVariable("EPP_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(DocumentPath, document[..from] + expected + document[to..], TestContext.Current.CancellationToken);
            return;
        }

        Assert.True(document[from..to] == expected, "docs/configuration.md is behind the catalogue: run this test with EPP_WRITE_DOCS=1");
    }
}
