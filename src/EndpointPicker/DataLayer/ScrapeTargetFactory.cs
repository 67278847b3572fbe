using System.Net;
using Endpoint = EndpointPicker.Core.Endpoints.Endpoint;

namespace EndpointPicker.DataLayer;

/// <summary>Knows which pages of an endpoint are fetched.</summary>
internal sealed class ScrapeTargetFactory
{
    private const string TextType = "text/plain";
    private const string JsonType = "application/json";

    private readonly ScraperOptions _options;
    private readonly ScrapeContext _context;
    private readonly EngineMaps _engines;
    private readonly ConnectionFactory _connections;
    private readonly ScrapeTiming _metricsTiming;
    private readonly ScrapeTiming _modelsTiming;

    public ScrapeTargetFactory(ScraperOptions options, ScrapeContext context)
    {
        _options = options;
        _context = context;
        _engines = new EngineMaps(options.Engines);
        _connections = new ConnectionFactory(options.Source);
        _metricsTiming = new ScrapeTiming(Ticks(options.EffectiveInterval), Ticks(options.Timeout), Ticks(options.MaxBackOff));
        _modelsTiming = new ScrapeTiming(Ticks(options.ModelsInterval), Ticks(options.Timeout), Ticks(4 * options.ModelsInterval));
    }

    /// <summary>How often the loop has to look at its targets: often enough for an interval to be kept within a tenth.</summary>
    public TimeSpan Tick => _options.EffectiveInterval / 10 is var tenth && tenth < TimeSpan.FromMilliseconds(50) ? tenth : TimeSpan.FromMilliseconds(50);

    /// <summary>Makes the targets of an endpoint.</summary>
    public IReadOnlyList<ScrapeTarget> Create(Endpoint endpoint)
    {
        MetricsPage page = new(endpoint, _engines, _context.Metrics, _context.Time);
        IPEndPoint address = _options.Source.Port is { } port ? new IPEndPoint(endpoint.MetricsAddress.Address, port) : endpoint.MetricsAddress;
        Connection connection = _connections.Create(address, _options.Source.Path, TextType);
        ScrapeTarget metrics = new(endpoint, page, connection, _metricsTiming, _context);
        if (_options.Models == ModelsPolling.Never)
        {
            return [metrics];
        }

        bool always = _options.Models == ModelsPolling.Always;
        ModelsPage models = new(endpoint, () => always || page.ServesAdapters, _context.Metrics);
        return [metrics, new ScrapeTarget(endpoint, models, _connections.Create(endpoint.Address, "/v1/models", JsonType), _modelsTiming, _context)];
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _context.Time.TimestampFrequency);
}
