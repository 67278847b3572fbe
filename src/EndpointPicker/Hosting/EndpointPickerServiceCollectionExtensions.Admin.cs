using EndpointPicker.Board;
using EndpointPicker.Cluster.Reviews;
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
        .AddSingleton<IBoardPage, PluginStatePage>()
        .AddSingleton(provider => new AdminAccess(provider.GetService<AccessReviews>(), options.MetricsClientCaFile.Length > 0))
        .AddSingleton<AdminHandler>();

    private static IServiceCollection AddMetricsPortTls(this IServiceCollection services, EppOptions options) => options.MetricsCertDir.Length == 0 ? services
        : services.AddSingleton(provider => new MetricsPortTls(
            options.MetricsCertDir,
            options.MetricsClientCaFile,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CertificateReloader>>()));

    private static RehearsedRequest CreateRehearsed(IServiceProvider provider) => new(
        provider.GetRequiredService<PoolDirectory>(),
        provider.GetRequiredService<TimeProvider>(),
        Math.Min(RehearsedRequest.MostBytes, provider.GetRequiredService<EppOptions>().MaxRequestBodySize));

    private static IServiceCollection AddBoard(this IServiceCollection services)
    {
        services.AddSingleton<IBoardSource, CollectedFigures>();
        services.AddSingleton(provider => new BoardSubject(
            provider.GetRequiredService<PoolDirectory>(),
            provider.GetRequiredService<EppOptions>().StalenessThreshold));
        services.AddSingleton<IBoardPage, StatePage>();
        foreach (IBoardPage page in BoardFiles.Pages())
        {
            services.AddSingleton(page);
        }

        return services;
    }
}
