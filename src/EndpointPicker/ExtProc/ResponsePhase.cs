namespace EndpointPicker.ExtProc;

/// <summary>How one family of body modes answers the response's bodies. Order is checked before; kept with its exchange.</summary>
internal abstract class ResponsePhase(Exchange exchange)
{
    protected Exchange Exchange => exchange;

    protected ProcessingMessage Message => exchange.Message;

    public abstract void OnBody();

    /// <summary>Sends what may still be owed of the body before the trailers are answered.</summary>
    public abstract void OnTrailers();

    public abstract void Reset();
}
