using System.Net;
using System.Text;
using EndpointPicker.Core.Endpoints;
using EndpointPicker.DataLayer;
using Testing;
using Endpoint = EndpointPicker.Core.Endpoints.Endpoint;

namespace EndpointPicker.Tests.DataLayer;

public class ModelsPageTests
{
    private readonly RecordedMetrics _metrics = new();
    private readonly Endpoint _endpoint;
    private readonly ModelsPage _sut;

    public ModelsPageTests()
    {
        EndpointPool pool = new("pool");
        pool.Replace([new EndpointDescription("ns", "pod", new IPEndPoint(IPAddress.Loopback, 1), new Dictionary<string, string>())]);
        _endpoint = pool.Current.Endpoints[0];
        _sut = new ModelsPage(_endpoint, () => true, new DataLayerMetrics(_metrics));
    }

    [Theory]
    [InlineData("vllm-0.32.0/http/models-with-loras.response.http", "lora-a,lora-b,lora-c,lora-d")]
    [InlineData("vllm-0.32.0/http/models-after-unload.response.http", "lora-a,lora-b,lora-c")]
    [InlineData("vllm-0.23.0/http/models-with-loras.response.http", "lora-a,lora-b,lora-c,lora-d")]
    [InlineData("vllm-0.32.0/data-parallel-2/http/models.response.http", "lora-a,lora-b")]
    [InlineData("sglang-0.5.23/http/models.response.http", "")]
    public void Complete_Capture_ListsEntriesWithAParent(string path, string expected)
    {
        string raw = File.ReadAllText(Fixtures.Require("engines", path));

        Assert.True(Read(raw[(raw.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]));

        Assert.Equal(expected, string.Join(',', _endpoint.Adapters.Loaded!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"data\":3}")]
    [InlineData("{\"data\":[3]}")]
    [InlineData("{\"data\":[{\"id\":\"a\",\"parent\":\"m\"}")]
    [InlineData("{\"data\":[{\"id\":\"\\ud800\",\"parent\":\"m\"}]}")]
    public void Complete_WrongAnswer_MakesTheAdaptersUnknown(string body)
    {
        Assert.True(Read("""{"data":[{"parent":"m","extra":{"id":"x"},"id":"a"},{"id":"m","parent":null},{"id":"n"}]}"""));
        Assert.Equal(["a"], _endpoint.Adapters.Loaded);

        Assert.False(Read(body));

        Assert.Null(_endpoint.Adapters.Loaded);
        Assert.Equal(1, _metrics.Sum("llm_d_epp_datalayer_extract_errors_total", ("source_type", "models-data-source"), ("extractor_type", "models-data-extractor")));
    }

    [Fact]
    public void Fail_SeveralTimes_MakesTheAdaptersUnknown()
    {
        Read("""{"data":[{"id":"a","parent":"m"}]}""");

        _sut.Fail(1);
        _sut.Fail(2);
        Assert.NotNull(_endpoint.Adapters.Loaded);
        _sut.Fail(3);
        Assert.Null(_endpoint.Adapters.Loaded);
    }

    private bool Read(string body)
    {
        _sut.Begin();
        foreach (byte b in Encoding.UTF8.GetBytes(body))
        {
            _sut.Append([b]);
        }

        return _sut.Complete(1);
    }
}
