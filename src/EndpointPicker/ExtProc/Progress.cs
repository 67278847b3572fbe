namespace EndpointPicker.ExtProc;

/// <summary>How far one direction of an HTTP exchange has come.</summary>
internal enum Progress
{
    Nothing,
    Headers,
    Body,
    Ended,
}
