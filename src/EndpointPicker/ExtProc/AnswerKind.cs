namespace EndpointPicker.ExtProc;

/// <summary>What an answer answers; the numbers are the field numbers of <c>ProcessingResponse</c>.</summary>
internal enum AnswerKind
{
    RequestHeaders = 1,
    ResponseHeaders = 2,
    RequestBody = 3,
    ResponseBody = 4,
    RequestTrailers = 5,
    ResponseTrailers = 6,
    Immediate = 7,
}
