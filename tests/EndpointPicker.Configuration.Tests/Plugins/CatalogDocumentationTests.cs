using EndpointPicker.Configuration.Plugins;
using Testing;

namespace EndpointPicker.Configuration.Tests.Plugins;

public sealed class CatalogDocumentationTests
{
    [Fact]
    public void Document_PartFromTheCatalogue_IsWhatTheCatalogueSays() => DocumentPart.Expect("configuration.md", "the catalogue", CatalogDocumentation.ToMarkdown());
}
