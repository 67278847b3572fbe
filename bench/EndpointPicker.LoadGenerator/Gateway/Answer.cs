using Envoy.Service.ExtProc.V3;

namespace EndpointPicker.LoadGenerator.Gateway;

/// <summary>What came from the picker where an answer was awaited: the answer, or why there is none.</summary>
internal readonly record struct Answer(AnswerKind Kind, ProcessingResponse? Message = null, string Detail = "");
