namespace ModelServerSimulator.Engine;

/// <summary>One generated token as it leaves the engine; a sequence's last one says why it is the last.</summary>
internal readonly record struct GeneratedToken(int Sequence, string Text, FinishReason Finish);
