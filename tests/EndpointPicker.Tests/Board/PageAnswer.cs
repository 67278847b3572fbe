using System.Net;
using System.Text;
using EndpointPicker.Board;
using Microsoft.AspNetCore.Http;

namespace EndpointPicker.Tests.Board;

/// <summary>What a page answers a request with.</summary>
internal sealed record PageAnswer(int Status, IHeaderDictionary Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public static async Task<PageAnswer> OfAsync(Func<HttpContext, Task> handle, string path = "/", string method = "GET", string? ifNoneMatch = null)
    {
        DefaultHttpContext context = new();
        using MemoryStream body = new();
        context.Request.Method = method;
        context.Request.Path = path;
        context.Request.Host = new HostString("localhost", 9090);
        context.Request.Headers.IfNoneMatch = ifNoneMatch;
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Response.Body = body;
        await handle(context);
        return new PageAnswer(context.Response.StatusCode, context.Response.Headers, body.ToArray());
    }

    public static Task<PageAnswer> OfAsync(IBoardPage page, string method = "GET", string? ifNoneMatch = null) =>
        OfAsync(page.HandleAsync, page.Path, method, ifNoneMatch);
}
