using EndpointPicker.Board;
using EndpointPicker.Configuration.Loading;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.Core.RequestControl;
using EndpointPicker.Hosting.Admin;
using EndpointPicker.Hosting.CommandLine;
using EndpointPicker.Hosting.Metrics;
using EndpointPicker.Hosting.Tls;

namespace EndpointPicker.Hosting;

/// <content>The metrics port: figures, explanations and the board.</content>
internal static partial class EndpointPickerServiceCollectionExtensions
{
    private static IServiceCollection AddAdmin(this IServiceCollection services, EppOptions options) => services
        .AddMetricsPortTls(options)
        .AddSingleton<MetricsCollector>()
        .AddSingleton<ProcessMetrics>()
        .AddSingleton(CreateRehearsed)
        .AddSingleton<RuntimeMetrics>()
        .AddSingleton<IBoardPage, ExplainPage>()
        .AddBoard()
        .AddSingleton<AdminHandler>();

    private static IServiceCollection AddMetricsPortTls(this IServiceCollection services, EppOptions options) => options.MetricsCertDir.Length == 0 ? services
        : services.AddSingleton(provider => new MetricsPortTls(
            options.MetricsCertDir,
            options.MetricsClientCaFile,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CertificateReloader>>()));

    private static RehearsedRequest CreateRehearsed(IServiceProvider provider)
    {
        TimeProvider time = provider.GetRequiredService<TimeProvider>();
        Rehearsal rehearsal = new(
            provider.GetRequiredService<EndpointPool>(),
            provider.GetRequiredService<DecisionPolicy>(),
            provider.GetRequiredService<ILogger<RequestDirector>>(),
            time,
            Seeded());
        return new RehearsedRequest(rehearsal, time, Math.Min(RehearsedRequest.MostBytes, provider.GetRequiredService<EppOptions>().MaxRequestBodySize));
    }

    private static IServiceCollection AddBoard(this IServiceCollection services)
    {
        services.AddSingleton<IBoardSource, CollectedFigures>();
        services.AddSingleton(provider => new BoardSubject(
            provider.GetRequiredService<EndpointPool>(),
            provider.GetRequiredService<CreatedPlugins>().Profiles,
            provider.GetRequiredService<EppOptions>().StalenessThreshold));
        services.AddSingleton<IBoardPage, StatePage>();
        foreach (IBoardPage page in BoardFiles.Pages())
        {
            services.AddSingleton(page);
        }

        return services;
    }
}
