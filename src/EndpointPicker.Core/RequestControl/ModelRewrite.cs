namespace EndpointPicker.Core.RequestControl;

/// <summary>Which models are to be served by which others.</summary>
/// <param name="Name">The name of the resource that says so; several rewrites may share one.</param>
/// <param name="Models">The models that requests name, exactly; empty for every model, and for requests that name none.</param>
/// <param name="Targets">What is served instead, chosen by weight; a rewrite without targets refuses its requests.</param>
public sealed record ModelRewrite(string Name, IReadOnlyList<string> Models, IReadOnlyList<ModelRewriteTarget> Targets);
