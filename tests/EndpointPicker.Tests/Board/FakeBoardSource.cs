using EndpointPicker.Board;

namespace EndpointPicker.Tests.Board;

internal sealed class FakeBoardSource : IBoardSource
{
    public BoardFigures Figures { get; set; } = new()
    {
        Version = "1.2.3",
        NotReady = "",
        Requests = 0,
        Errors = 0,
        Streams = null,
        FailedPicks = 0,
        Picks = new Dictionary<(string, string), long>(),
        Scrapes = 0,
        ScrapeErrors = 0,
        DecisionTimeBounds = [],
        DecisionTimes = [0],
    };

    public BoardFigures Read() => Figures;
}
