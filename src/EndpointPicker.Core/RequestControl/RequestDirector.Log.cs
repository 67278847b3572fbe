using Microsoft.Extensions.Logging;

namespace EndpointPicker.Core.RequestControl;

/// <content>What it logs.</content>
public sealed partial class RequestDirector
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A plugin failed; the request goes to a fallback pick.", EventName = "PluginFailed")]
        public static partial void PluginFailed(ILogger logger, Exception fault);

        [LoggerMessage(2, LogLevel.Debug, "No objective is called {Objective}; the request's priority is its model's, or 0.", EventName = "UnknownObjective")]
        public static partial void UnknownObjective(ILogger logger, string objective);
    }
}
