using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Data.Submissions;

namespace Tiebreak.Data.Tests.Submissions;

/// <summary>Files of preferences as evaluations read them.</summary>
public sealed class PredictionFileTests : IDisposable
{
    private const string Header = "id,winner_model_a,winner_model_b,winner_tie\n";

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Logits_of_20_simulated_judges_are_refused_and_their_probabilities_are_read()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            var random = new SeededRandom(seed);
            double[][] logits = [.. Enumerable.Range(0, 500).Select(_ => new[] { Draw(ref random), Draw(ref random), Draw(ref random) - 0.5 })];

            var error = Assert.Throws<InputException>(() => PredictionFile.Read(Write(logits)));
            Assert.Contains("logits", error.Message, StringComparison.Ordinal);
            Assert.Equal(["scale"], error.Parameters);
            Assert.Equal(500, PredictionFile.Read(Write([.. logits.Select(row =>
            {
                var said = Preference.FromScores(row[0], row[1], row[2]);
                return new[] { said.A, said.B, said.Tie };
            })])).Rows.Count);
        }

        static double Draw(ref SeededRandom random) => 3 * (random.NextDouble() - 0.5);
    }

    [Fact]
    public void Bare_verdicts_are_read_where_they_will_do()
    {
        var path = _folder.Write("winner,id\nmodel_a,1\nB,2\ntie,3\n,4\n");
        var file = PredictionFile.Read(path, takesVerdicts: true);

        Assert.True(file.HoldsVerdicts);
        Assert.Equal([("1", Outcome.A), ("2", Outcome.B), ("3", Outcome.Tie)], file.Rows.Select(row => (row.Id, row.Preference.Top)));
        Assert.Equal([$"1 row of {path} holds no prediction (empty)."], file.Remarks);
        Assert.Contains("how probable", Assert.Throws<InputException>(() => PredictionFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id,winner\n1,perhaps\n", "line 2: the row has the unknown winner \"perhaps\"")]
    [InlineData("id,winner\n1,A\n1,B\n", "line 3: the id 1 stands already on line 2")]
    [InlineData("id,winner\n,A\n", "line 2: the row has no id")]
    [InlineData("winner,language\nA,German\n", "the column id is missing")]
    [InlineData("id,winner\n1,\n", "holds no predictions")]
    public void What_is_wrong_with_verdicts_is_said(string content, string said) => Assert.Contains(
        said, Assert.Throws<InputException>(() => PredictionFile.Read(_folder.Write(content), takesVerdicts: true)).Message,
        StringComparison.Ordinal);

    private string Write(double[][] rows) => _folder.Write(Header + string.Concat(rows.Select((row, i) =>
        string.Create(CultureInfo.InvariantCulture, $"{i},{row[0]},{row[1]},{row[2]}\n"))));
}
