using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EndpointPicker.Core.Requests;

namespace EndpointPicker.Core.Tests.Requests;

public sealed class QuotedModelTests
{
    [Fact]
    public void Set_AnyNamesOneAfterTheOther_StandAsTheJsonLibraryWritesThem()
    {
        QuotedModel sut = new();
        Assert.Equal("\"model\":\"\",", Encoding.UTF8.GetString(sut.Member));
        string[] names =
        [
            "base", "", "a\"b\\c/d", new('\u0001', 300), "né\u2028<&+>'", "\U0001F600 x", new string('x', 5000), "b", "\uFFFE\u007F", "meta-llama/Llama-3.1-8B",
        ];
        foreach (string name in names)
        {
            sut.Set(name);
            string quoted = $"\"{JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
            Assert.Equal(quoted, Encoding.UTF8.GetString(sut.Value));
            Assert.Equal($"\"model\":{quoted},", Encoding.UTF8.GetString(sut.Member));
        }
    }
}
