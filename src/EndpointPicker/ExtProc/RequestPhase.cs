namespace EndpointPicker.ExtProc;

/// <summary>How one family of body modes answers the request's messages. Order is checked before; kept with its exchange.</summary>
internal abstract class RequestPhase(Exchange exchange)
{
    /// <summary>Whether nothing more is to be answered in this direction.</summary>
    public abstract bool IsDone { get; }

    /// <summary>Whether the request goes on unharmed if the stream ends with OK now.</summary>
    public abstract bool IsSafeToEnd { get; }

    protected Exchange Exchange => exchange;

    protected ProcessingMessage Message => exchange.Message;

    protected AnswerWriter Answers => exchange.Answers;

    public abstract ValueTask<ExchangeStep> OnHeadersAsync();

    public abstract ValueTask<ExchangeStep> OnBodyAsync();

    public abstract ValueTask<ExchangeStep> OnTrailersAsync();

    public abstract void Reset();
}
