using System.Text.RegularExpressions;
using EndpointPicker.Board;
using EndpointPicker.Grpc.Health;
using EndpointPicker.Hosting.Admin;
using EndpointPicker.Hosting.Lifetime;
using EndpointPicker.Hosting.Metrics;
using EndpointPicker.Tests.DataLayer;
using Microsoft.Extensions.Logging.Abstractions;

namespace EndpointPicker.Tests.Board;

public sealed partial class BoardFilesTests : IDisposable
{
    private static readonly IBoardPage[] Pages = [.. BoardFiles.Pages()];

    private readonly RecordedMetrics _meters = new();
    private readonly MetricsCollector _collector;
    private readonly AdminHandler _handler;

    public BoardFilesTests()
    {
        _collector = new MetricsCollector(_meters);
        _handler = new AdminHandler(_collector, new Readiness(new HealthState(new HealthNames(knownOnly: false)), NullLogger<Readiness>.Instance), new AdminAccess(null, clientCertificates: false), Pages);
    }

    public static TheoryData<string, string> Types => new()
    {
        { "/board", "text/html; charset=utf-8" },
        { "/board/", "text/html; charset=utf-8" },
        { "/board/board.css", "text/css; charset=utf-8" },
        { "/board/board.js", "text/javascript; charset=utf-8" },
        { "/board/icon.svg", "image/svg+xml" },
    };

    public void Dispose() => _collector.Dispose();

    [Theory]
    [MemberData(nameof(Types))]
    public async Task File_Asked_HasItsTypeAndAPolicyWithoutInlineScripts(string path, string type)
    {
        PageAnswer answer = await GetAsync(path);
        Assert.Equal(200, answer.Status);
        Assert.Equal(type, answer.Headers.ContentType);
        Assert.Equal(answer.Body.Length, answer.Headers.ContentLength);
        Assert.Equal("no-cache", answer.Headers.CacheControl);
        Assert.Equal("nosniff", answer.Headers.XContentTypeOptions);
        string policy = answer.Headers.ContentSecurityPolicy.ToString();
        Assert.StartsWith("default-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_KnownToTheBrowser_IsNotSentAgain()
    {
        string tag = (await GetAsync("/board/board.js")).Headers.ETag.ToString();
        Assert.Matches("^\"[0-9a-f]{24}\"$", tag);
        Assert.NotEqual(tag, (await GetAsync("/board/board.css")).Headers.ETag.ToString());

        foreach (string known in (string[])[tag, $"W/{tag}", $"\"other\", {tag}", "*"])
        {
            PageAnswer again = await GetAsync("/board/board.js", ifNoneMatch: known);
            Assert.Equal(304, again.Status);
            Assert.Empty(again.Body);
            Assert.Equal(tag, again.Headers.ETag.ToString());
        }

        Assert.Equal(200, (await GetAsync("/board/board.js", ifNoneMatch: "\"other\"")).Status);
    }

    [Theory]
    [InlineData("/board/other.js")]
    [InlineData("/board/index.html")]
    [InlineData("/board/../metrics.txt")]
    [InlineData("/board/../../etc/passwd")]
    [InlineData("/board/..%2f..%2fetc/passwd")]
    [InlineData("/board//board.js")]
    [InlineData("/board/board.js/")]
    [InlineData("/Board")]
    public async Task File_ThatIsNone_Is404(string path) => Assert.Equal(404, (await GetAsync(path)).Status);

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task File_OtherMethod_IsRefused(string method)
    {
        foreach (IBoardPage page in Pages)
        {
            PageAnswer answer = await GetAsync(page.Path, method);
            Assert.Equal(405, answer.Status);
            Assert.StartsWith("GET", answer.Headers.Allow.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task File_Head_HasHeadersAlone()
    {
        PageAnswer answer = await GetAsync("/board", "HEAD");
        Assert.Equal(200, answer.Status);
        Assert.True(answer.Headers.ContentLength > 1000);
        Assert.Empty(answer.Body);
    }

    [Fact]
    public async Task NotFound_ListsPagesWithoutTheirFiles() =>
        Assert.EndsWith("/metrics /healthz /readyz /board\n", (await GetAsync("/nothing")).Text, StringComparison.Ordinal);

    /// <summary>Names that requests bring are shown; whatever parses text as HTML or code would run them.</summary>
    [Fact]
    public async Task Scripts_ParseNoTextAsHtml()
    {
        foreach (IBoardPage page in Pages)
        {
            Assert.DoesNotMatch(ParsesText(), (await PageAnswer.OfAsync(page)).Text);
        }
    }

    /// <summary>Every script, style and import that a file names is one of the files.</summary>
    [Fact]
    public async Task Files_NameOnlyOneAnother()
    {
        HashSet<string> named = [];
        foreach (IBoardPage page in Pages)
        {
            string text = (await PageAnswer.OfAsync(page)).Text;
            Assert.DoesNotMatch("https?://(?!www\\.w3\\.org/2000/svg)", text);
            named.UnionWith(Reference().Matches(text).Select(match => $"/board/{match.Groups[1].Value}"));
        }

        Assert.Equal(Pages.Select(page => page.Path).Where(path => path is not ("/board" or "/board/")).Order(), named.Order());
    }

    [GeneratedRegex(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|\beval\b|new Function|javascript:|\son[a-z]+=|<style|style=")]
    private static partial Regex ParsesText();

    [GeneratedRegex(@"(?:from '\./|(?:src|href)=""/board/)([a-z.]+)['""]")]
    private static partial Regex Reference();

    private Task<PageAnswer> GetAsync(string path, string method = "GET", string? ifNoneMatch = null) =>
        PageAnswer.OfAsync(_handler.HandleAsync, path, method, ifNoneMatch);
}
