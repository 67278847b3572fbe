using System.Net;
using System.Net.Sockets;
using System.Text;
using EndpointPicker.Configuration.DataLayer;
using EndpointPicker.DataLayer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Testing;

namespace EndpointPicker.Tests.DataLayer;

/// <summary>The polled client against servers that are not ours: Kestrel, Python's, and bare sockets.</summary>
public class ConnectionTests
{
    private readonly RecordingPage _page = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fetch_Kestrel_ReadsEveryFramingOverOneConnection(bool tls)
    {
        string large = new('x', 300_000);
        HashSet<string> connections = [];
        int requests = 0;
        await using WebApplication server = await TestServer.StartAsync(tls, async context =>
        {
            connections.Add(context.Connection.Id);
            Assert.Equal("text/plain", context.Request.Headers.Accept.ToString());
            Assert.Equal(0, context.Request.Headers.AcceptEncoding.Count);
            if (requests++ % 2 == 0)
            {
                context.Response.ContentLength = large.Length;
            }

            await context.Response.WriteAsync(large);
        });
        using Connection sut = Create(server, tls);

        for (int i = 0; i < 5; i++)
        {
            await FetchAsync(sut);
            Assert.Equal(FetchError.None, sut.Error);
            Assert.Equal(large, _page.Text);
        }

        Assert.Single(connections);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fetch_ConnectionClose_ConnectsAnew(bool tls)
    {
        HashSet<string> connections = [];
        await using WebApplication server = await TestServer.StartAsync(tls, async context =>
        {
            connections.Add(context.Connection.Id);
            context.Response.Headers.Connection = "close";
            await context.Response.WriteAsync("page");
        });
        using Connection sut = Create(server, tls);

        for (int i = 0; i < 3; i++)
        {
            await FetchAsync(sut);
            Assert.Equal(FetchError.None, sut.Error);
            Assert.Equal("page", _page.Text);
        }

        Assert.Equal(3, connections.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fetch_StatusOtherThan200_IsAnErrorAndTheNextFetchWorks(bool tls)
    {
        int status = 503;
        await using WebApplication server = await TestServer.StartAsync(tls, async context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            await context.Response.WriteAsync("body");
        });
        using Connection sut = Create(server, tls);

        foreach (int next in new[] { 503, 302, 404 })
        {
            status = next;
            await FetchAsync(sut);
            Assert.Equal(FetchError.Status, sut.Error);
            Assert.Equal(next, sut.Status);
        }

        status = 200;
        await FetchAsync(sut);
        Assert.Equal(FetchError.None, sut.Error);
    }

    [Fact]
    public async Task Fetch_TlsWithUnknownAuthority_IsRefusedUnlessVerificationIsOff()
    {
        await using WebApplication server = await TestServer.StartAsync(tls: true, context => context.Response.WriteAsync("page"));
        using Connection strict = new ConnectionFactory(new MetricsSourceOptions { Scheme = "https", InsecureSkipVerify = false })
            .Create(TestServer.Address(server), "/metrics", "text/plain");

        await FetchAsync(strict);

        Assert.Equal(FetchError.Unreachable, strict.Error);
    }

    [Fact]
    public async Task Fetch_TlsWithGivenAuthority_IsVerified()
    {
        await using WebApplication server = await TestServer.StartAsync(tls: true, context => context.Response.WriteAsync("page"));
        string path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, TestServer.Certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
            using Connection sut = new ConnectionFactory(new MetricsSourceOptions { Scheme = "https", InsecureSkipVerify = false, CaCertPath = path })
                .Create(TestServer.Address(server), "/metrics", "text/plain");

            await FetchAsync(sut);

            Assert.Equal(FetchError.None, sut.Error);
            Assert.Equal("page", _page.Text);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Fetch_PythonHttpServer_ReadsTheFile()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "metrics"), "page\n", TestContext.Current.CancellationToken);
        if (!File.Exists("/usr/bin/python3"))
        {
            Requirement.Missing("no /usr/bin/python3");
        }

        await using ChildProcess python = ChildProcess.Start("/usr/bin/python3", ["-u", "-m", "http.server", "--bind", "127.0.0.1", "--directory", folder, "0"]);
        string line = await python.WaitForLineAsync(l => l.Contains(" port "));
        int port = int.Parse(line.Split(" port ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        using Connection sut = Create(new IPEndPoint(IPAddress.Loopback, port));

        for (int i = 0; i < 3; i++)
        {
            await FetchAsync(sut);
            Assert.Equal(FetchError.None, sut.Error);
            Assert.Equal("page\n", _page.Text);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Fetch_NobodyListens_IsUnreachable()
    {
        using Socket reserved = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using Connection sut = Create((IPEndPoint)reserved.LocalEndPoint!);

        await FetchAsync(sut);
        Assert.Equal(FetchError.Unreachable, sut.Error);
        await FetchAsync(sut);
        Assert.Equal(FetchError.Unreachable, sut.Error);
    }

    [Fact]
    public async Task Fetch_KeptConnectionWasClosed_AsksAgainOnANewOne()
    {
        using TcpListener listener = Listen();
        using Connection sut = Create((IPEndPoint)listener.LocalEndpoint);
        Task server = AnswerOnceEachAsync(listener, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage", connections: 2);

        await FetchAsync(sut);
        await FetchAsync(sut);

        Assert.Equal(FetchError.None, sut.Error);
        Assert.Equal("page", _page.Text);
        await server.DefaultTimeout();
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npage")]
    public async Task Fetch_AnswerCutShort_IsUnreachable(string answer)
    {
        using TcpListener listener = Listen();
        using Connection sut = Create((IPEndPoint)listener.LocalEndpoint);
        Task server = AnswerOnceEachAsync(listener, answer, connections: 1);

        await FetchAsync(sut);

        Assert.Equal(FetchError.Unreachable, sut.Error);
        await server.DefaultTimeout();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Close_WhileTheServerIsSilent_EndsTheFetch(bool tls)
    {
        SyncPoint asked = new();
        await using WebApplication server = await TestServer.StartAsync(tls, async context =>
        {
            await asked.WaitToContinueAsync();
            await context.Response.WriteAsync("late");
        });
        using Connection sut = Create(server, tls);
        sut.Begin(_page);
        while (!asked.Reached.IsCompleted)
        {
            Assert.False(sut.Poll());
            await Task.Yield();
        }

        sut.Close();
        await PollAsync(sut);
        Assert.Equal(FetchError.Unreachable, sut.Error);

        asked.Continue();
        await FetchAsync(sut);
        Assert.Equal(FetchError.None, sut.Error);
        Assert.Equal("late", _page.Text);
    }

    [Fact]
    public async Task Fetch_OverAKeptConnection_AllocatesNothing()
    {
        byte[] body = new byte[50_000];
        await using WebApplication server = await TestServer.StartAsync(tls: false, async context => await context.Response.Body.WriteAsync(body));
        using Connection sut = Create(server, tls: false);
        for (int i = 0; i < 3; i++)
        {
            await FetchAsync(sut);
        }

        long allocated = await Task.Run(() =>
        {
            FetchBusily(sut, 3);
            return Allocations.Least(() => FetchBusily(sut, 20));
        }, TestContext.Current.CancellationToken).DefaultTimeout();

        Assert.Equal(FetchError.None, sut.Error);
        Assert.Equal(body.Length, _page.Length);
        Assert.Equal(0, allocated);
    }

    private void FetchBusily(Connection connection, int times)
    {
        for (int i = 0; i < times; i++)
        {
            connection.Begin(_page);
            while (!connection.Poll())
            {
                Thread.Yield();
            }
        }
    }

    private static TcpListener Listen()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static async Task AnswerOnceEachAsync(TcpListener listener, string answer, int connections)
    {
        for (int i = 0; i < connections; i++)
        {
            using Socket socket = await listener.AcceptSocketAsync();
            await AnswerAsync(socket, answer);
        }
    }

    private static async Task AnswerAsync(Socket socket, string answer)
    {
        byte[] request = new byte[1024];
        int length = 0;
        while (!request.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            length += await socket.ReceiveAsync(request.AsMemory(length));
        }

        await socket.SendAsync(Encoding.ASCII.GetBytes(answer));
    }

    private static Connection Create(IPEndPoint address, bool tls = false) =>
        new ConnectionFactory(new MetricsSourceOptions { Scheme = tls ? "https" : "http" }).Create(address, "/metrics", "text/plain");

    private static Connection Create(WebApplication server, bool tls) => Create(TestServer.Address(server), tls);

    private async Task FetchAsync(Connection connection)
    {
        connection.Begin(_page);
        await PollAsync(connection);
    }

    private static Task PollAsync(Connection connection) => Task.Run(async () =>
    {
        while (!connection.Poll())
        {
            await Task.Yield();
        }
    }).DefaultTimeout();
}
