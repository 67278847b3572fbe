using EndpointPicker.Grpc;
using EndpointPicker.Hosting.Admin;

namespace EndpointPicker.Hosting;

/// <summary>Who answers at which port.</summary>
/// <param name="extProc">Answers at the ext_proc port.</param>
/// <param name="health">Answers at the health port.</param>
/// <param name="admin">Answers at the metrics port.</param>
internal sealed class Ports(GrpcServer extProc, GrpcServer health, AdminHandler admin)
{
    /// <summary>Answers a request according to the port that it came through.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        ListenerRole? role = context.Features.Get<ListenerRole>();
        return ReferenceEquals(role, ListenerRole.Admin) ? admin.HandleAsync(context)
            : ReferenceEquals(role, ListenerRole.Health) ? health.InvokeAsync(context)
            : extProc.InvokeAsync(context);
    }
}
