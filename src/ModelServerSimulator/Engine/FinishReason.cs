namespace ModelServerSimulator.Engine;

internal enum FinishReason
{
    None,
    Stop,
    Length,
    Abort,
}
