using CsCheck;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Submissions;

namespace Tiebreak.Data.Tests.Submissions;

public sealed class SubmissionFileTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_submission_has_the_competitions_layout()
    {
        SubmissionFile.Write(_folder["s.csv"], ["136060", "a,b"], [Preference.Uniform, new Preference(0.5, 0.25, 0.25)]);

        Assert.Equal(
            "id,winner_model_a,winner_model_b,winner_tie\n136060,0.3333333333333333,0.3333333333333333,0.3333333333333333\n"
                + "\"a,b\",0.5,0.25,0.25\n",
            File.ReadAllText(_folder["s.csv"]));
    }

    [Fact]
    public void Numbers_read_back_exactly() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[1e-9, 1]).Select(Preference.Normalised).Array[1, 10].Sample(
            preferences =>
            {
                var path = _folder[Guid.NewGuid().ToString("N")];
                var ids = preferences.Select((_, i) => $"0{i}").ToList();
                SubmissionFile.Write(path, ids, preferences);

                var rows = SubmissionFile.Read(path);
                File.Delete(path);
                Assert.Equal(ids, rows.Select(row => row.Id));
                Assert.Equal(preferences, rows.Select(row => row.Preference));
            },
            time: 1);

    [Fact]
    public void An_invalid_preference_is_not_written()
    {
        Assert.Throws<ArgumentException>(() => SubmissionFile.Write(_folder["s.csv"], ["1"], [new Preference(double.NaN, 0.5, 0.5)]));
        Assert.Throws<ArgumentException>(() => SubmissionFile.Write(_folder["s.csv"], ["1"], []));
        Assert.False(File.Exists(_folder["s.csv"]));
    }

    [Fact]
    public void Rows_are_read_by_name_whatever_stands_beside_them()
    {
        var preferences = new[] { new Preference(0.5, 0.25, 0.25), new Preference(0.25, 0.5, 0.25) };
        string[] header = ["", "fold", "WINNER_TIE", "id", " winner_model_b", "winner_model_a"];
        Gen.Shuffle(Enumerable.Range(0, header.Length).ToArray()).Sample(
            order =>
            {
                string Line(string[] cells) => string.Join(',', order.Select(place => cells[place])) + "\n";
                var path = _folder[Guid.NewGuid().ToString("N")];
                File.WriteAllText(path, Line(header) + string.Concat(preferences.Select((row, i) =>
                    Line([$"{i}", "x", $"{row.Tie}", $"{i}.0", $"{row.B}", $"{row.A}"]))) + Line(["2", "x", "0", "9", "0", "0.0"]));

                var rows = SubmissionFile.Read(path);
                File.Delete(path);
                Assert.Equal(["0.0", "1.0"], rows.Select(row => row.Id));
                Assert.Equal(preferences, rows.Select(row => row.Preference));
            },
            iter: 100);
    }

    [Theory]
    [InlineData("id,winner_model_a,winner_model_b,winner_tie\n1,0.5001,0.3,0.2\n", 0.5001 / 1.0001)]
    [InlineData("id,winner_model_a,winner_model_b,winner_tie\n1,50,30,20\n", 0.5)]
    [InlineData("id,winner_model_a,winner_model_b,winner_tie\n1,50%,30%,20%\n", 0.5)]
    [InlineData("id;winner_model_a;winner_model_b;winner_tie\n1;0,5;0,3;0,2\n", 0.5)]
    public void Sums_that_are_a_little_off_and_other_notations_are_understood(string content, double expected) =>
        Assert.Equal(expected, SubmissionFile.Read(_folder.Write(content))[0].Preference.A, 12);

    [Theory]
    [InlineData("id,winner_model_a,winner_model_b\n1,0.5,0.5\n", "line 1: the column winner_tie is missing")]
    [InlineData("id,winner_model_a,winner_model_b,winner_tie\n1,0.5,0.5,0.5\n", "line 2: the probabilities sum to 1.5")]
    [InlineData("id,winner_model_a,winner_model_b,winner_tie\n1,0.5,0.5,0\n2,,0.5,0.5\n", "line 3: a probability is missing")]
    [InlineData("id,winner_model_a,winner_model_b,winner_tie\n1,0.5,0.5,0\n1.0,0.5,0.5,0\n", "the id 1.0 stands already on line 2")]
    [InlineData("id,winner_model_a,winner_model_b,winner_tie\n1,1.5,-0.5,0\n", "look like logits")]
    [InlineData("id,winner_model_a,winner_model_b,winner_tie\n1,0,0,0\n2,,,\n", "holds no predictions: all its rows are empty or 0")]
    [InlineData("id,winner\n1,model_a\n", "says who wins")]
    [InlineData("id,winner_model_a,winner_model_b,winner_tie\n1,0.5,0.5,0\n1,0.5,0.5,0\n", "line 3: the id 1 stands already on line 2")]
    public void What_is_not_right_is_not_read(string content, string reason) =>
        Assert.Contains(
            reason, Assert.Throws<InputException>(() => SubmissionFile.Read(_folder.Write(content))).Message, StringComparison.Ordinal);
}
