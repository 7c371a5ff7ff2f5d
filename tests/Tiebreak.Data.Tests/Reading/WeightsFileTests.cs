using Tiebreak.Core;
using Tiebreak.Data.Reading;
using Tiebreak.Testing;

namespace Tiebreak.Data.Tests.Reading;

public sealed class WeightsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("id,weight\n1,0.5\n2.0,3\n3,\n")]
    [InlineData("importance;id\n0,5;1\n3,0;2.0\n;3\n")]
    [InlineData("id\tnote\tWeight\n1\t7\t0.5\n2\t7\t3\n3\t7\t\n")]
    [InlineData("{\"id\": 1, \"weight\": 0.5}\n\n{\"id\": \"2\", \"weight\": 3}\n{\"id\": \"3\", \"weight\": null}\n")]
    [InlineData("[{\"weight\": 0.5, \"id\": 1}, {\"id\": 2, \"weight\": 3},\n{\"id\": 3}]")]
    public void Csv_and_json_are_read_by_id(string text)
    {
        var file = Read(text);
        Assert.Equal([0.5, 3.0, null, null], new[] { "1", "2", "3", "4" }.Select(file.Find));
        Assert.Equal(("weights", 3L), (file.Fingerprint.File, file.Fingerprint.Rows));
    }

    [Theory]
    [InlineData("id,weight\n1,-0.5\n", "battle 1 the weight -0.5")]
    [InlineData("id,weight\n1,2e6\n", "from 0 to 1,000,000")]
    [InlineData("id,weight\n1,inf\n", "no number")]
    [InlineData("id,weight\n1,much\n", "no number")]
    [InlineData("id,one,two\n1,1,2\n", "no column \"weight\"")]
    [InlineData("id,weight\n1,1\n1,2\n", "the id 1 twice")]
    [InlineData("{\"id\": 1, \"weight\": 1e999}\n", "no number")]
    [InlineData("{\"id\": 1, \"weight\": 1}\n{\"id\": 2, \"weight\"\n", "line 2 is no JSON object")]
    [InlineData("{\"weight\": 1}\n", "no column id")]
    public void What_is_no_weight_is_refused(string text, string said) =>
        Assert.Contains(said, Assert.Throws<InputException>(() => Read(text).Find("1")).Message, StringComparison.Ordinal);

    private WeightsFile Read(string text)
    {
        _folder.Write("weights", text);
        return WeightsFile.Read(_folder["weights"], CancellationToken.None);
    }
}
