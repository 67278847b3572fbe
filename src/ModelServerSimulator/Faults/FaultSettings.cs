using System.Text.Json;
using static ModelServerSimulator.Settings.SettingText;

namespace ModelServerSimulator.Faults;

/// <summary>Every fault there is. Rates are shares of 0 to 1.</summary>
internal static class FaultSettings
{
    public static IReadOnlyList<FaultSetting> All { get; } =
    [
        Factor("slow-factor", "1; how much longer steps take", plan => plan.SlowFactor, (plan, value) => plan with { SlowFactor = value }),
        Rate("slow-rate", "1; share of steps that are slow", plan => plan.SlowRate, (plan, value) => plan with { SlowRate = value }),
        Rate(
            "hang-rate",
            "0; share of requests, health and metrics too, that are taken and never answered",
            plan => plan.HangRate,
            (plan, value) => plan with { HangRate = value }),
        Rate(
            "drop-rate",
            "0; share of requests, health and metrics too, whose connection is reset instead",
            plan => plan.DropRate,
            (plan, value) => plan with { DropRate = value }),
        Rate(
            "dead-rate",
            "0; share of generations never answered, while health and metrics are well",
            plan => plan.DeadRate,
            (plan, value) => plan with { DeadRate = value }),
        Rate("error-rate", "0; share of generations that fail at once", plan => plan.ErrorRate, (plan, value) => plan with { ErrorRate = value }),
        Count(
            "error-status",
            "503; what status they fail with, 400 to 599",
            plan => plan.ErrorStatus,
            (plan, value) => value is >= 400 and < 600 ? plan with { ErrorStatus = value } : throw new FormatException()),
        Rate("reset-rate", "0; share of streams whose connection is reset", plan => plan.ResetRate, (plan, value) => plan with { ResetRate = value }),
        Count(
            "reset-after-chunks",
            "3; after so many chunks with a token",
            plan => plan.ResetAfterChunks,
            (plan, value) => plan with { ResetAfterChunks = value }),
        new(
            "metrics-page",
            "STATE",
            "ok; or frozen (as it was at the first scrape after), or missing (404)",
            (plan, text) => plan with { MetricsPage = PageState(text) },
            (json, plan) => json.WriteStringValue(StateName(plan.MetricsPage))),
        new("metrics-without", "A,B", "none; families that the page leaves out", (plan, text) => plan with { MetricsWithout = Names(text) }, WriteWithout),
        new(
            "metrics-delay",
            "T",
            "0ms; how late the page comes",
            (plan, text) => plan with { MetricsDelay = Duration(text) },
            (json, plan) => json.WriteStringValue(Show(plan.MetricsDelay))),
        Rate(
            "metrics-rate",
            "1; share of scrapes that the metrics faults befall",
            plan => plan.MetricsRate,
            (plan, value) => plan with { MetricsRate = value }),
    ];

    private static FaultSetting Rate(string name, string help, Func<FaultPlan, double> get, Func<FaultPlan, double, FaultPlan> set) =>
        new(name, "SHARE", help, (plan, text) => set(plan, Settings.SettingText.Rate(text)), (json, plan) => json.WriteNumberValue(get(plan)));

    private static FaultSetting Factor(string name, string help, Func<FaultPlan, double> get, Func<FaultPlan, double, FaultPlan> set) =>
        new(name, "X", help, (plan, text) => set(plan, Settings.SettingText.Factor(text)), (json, plan) => json.WriteNumberValue(get(plan)));

    private static FaultSetting Count(string name, string help, Func<FaultPlan, int> get, Func<FaultPlan, int, FaultPlan> set) =>
        new(name, "N", help, (plan, text) => set(plan, Number(text)), (json, plan) => json.WriteNumberValue(get(plan)));

    private static MetricsPageState PageState(string text) =>
        Enum.GetValues<MetricsPageState>().Where(state => StateName(state) == text).Cast<MetricsPageState?>().FirstOrDefault() ?? throw new FormatException();

    private static string StateName(MetricsPageState state) => state switch
    {
        MetricsPageState.Frozen => "frozen",
        MetricsPageState.Missing => "missing",
        _ => "ok",
    };

    private static void WriteWithout(Utf8JsonWriter json, FaultPlan plan)
    {
        json.WriteStartArray();
        foreach (string family in plan.MetricsWithout)
        {
            json.WriteStringValue(family);
        }

        json.WriteEndArray();
    }
}
