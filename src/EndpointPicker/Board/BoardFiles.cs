namespace EndpointPicker.Board;

/// <summary>The files that make the live page.</summary>
internal static class BoardFiles
{
    private const string Html = "text/html; charset=utf-8";
    private const string Css = "text/css; charset=utf-8";
    private const string JavaScript = "text/javascript; charset=utf-8";

    /// <summary>Where the live page is.</summary>
    public const string Home = "/board";

    /// <summary>A page for each file.</summary>
    public static IEnumerable<IBoardPage> Pages() =>
    [
        new AssetPage(Home, "index.html", Html),
        new AssetPage(Home + "/", "index.html", Html),
        new AssetPage(Home + "/board.css", "board.css", Css),
        new AssetPage(Home + "/icon.svg", "icon.svg", "image/svg+xml"),
        new AssetPage(Home + "/board.js", "board.js", JavaScript),
        new AssetPage(Home + "/charts.js", "charts.js", JavaScript),
        new AssetPage(Home + "/decisions.js", "decisions.js", JavaScript),
        new AssetPage(Home + "/endpoints.js", "endpoints.js", JavaScript),
        new AssetPage(Home + "/format.js", "format.js", JavaScript),
    ];
}
