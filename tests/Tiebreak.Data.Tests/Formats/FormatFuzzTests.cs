using CsCheck;
using Tiebreak.Core;
using Tiebreak.Data.Reading.Csv;
using Tiebreak.Data.Submissions;
using Tiebreak.Data.Votes;
using Tiebreak.Testing;

namespace Tiebreak.Data.Tests.Formats;

/// <summary>
/// Whatever becomes of a good file when bytes of it are exchanged, dropped or repeated, reading ends with rows, problems or a sentence, and
/// the size of the blocks that it is read in makes no difference (but in compressed files). How long the long runs take:
/// <see cref="FuzzTime"/>.
/// </summary>
public sealed class FormatFuzzTests : IDisposable
{
    private static readonly Gen<Damage[]> Damages = Gen.Select(
        Gen.Int[0, Damage.Kinds - 1], Gen.Int[0, 100_000], Gen.Byte, (kind, place, value) => new Damage(kind, place, value)).Array[0, 6];

    private readonly DataFolder _folder = new();

    public static TheoryData<string> Names => [.. FuzzFiles.All.Keys];

    public static TheoryData<string> LongNames => [.. FuzzFiles.All.Keys.Where(FuzzTime.IsLong)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_damaged_file_is_read_or_refused(string name) => Fuzz(name, iterations: 1000);

    [SlowTheory]
    [MemberData(nameof(LongNames))]
    public void A_damaged_file_is_read_or_refused_for_long(string name) => Fuzz(name, seconds: FuzzTime.LongSeconds);

    /// <summary>One damaged byte made model_b another model_a, and the reader of votes fell over the two names.</summary>
    [Fact]
    public void Columns_of_one_name_are_refused()
    {
        var bytes = FuzzFiles.All["parquet votes"].ToArray();
        var (name, other) = ("model_b"u8.ToArray(), "model_a"u8.ToArray());
        var found = 0;
        for (int at; (at = bytes.AsSpan().IndexOf(name)) >= 0; found++)
            other.CopyTo(bytes, at);
        var path = _folder.Write(bytes, "twice");

        Assert.True(found > 0);
        var error = Assert.Throws<InputException>(() => VoteReader.Read(path, DataFolder.Test).Votes().Count());
        Assert.Contains("two columns \"model_a\"", error.Message, StringComparison.Ordinal);
    }

    private void Fuzz(string name, int iterations = -1, int seconds = -1)
    {
        using var time = new FuzzTime(name);
        Damages.Sample(
            damages => time.Read(damages, () =>
            {
                var path = _folder.Write(Damage.Apply(FuzzFiles.All[name], damages), Guid.NewGuid().ToString("N"));
                var rows = Read(path, name, blockBytes: 1 << 20);
                // Before the damage of compressed data is found, small blocks may have given out rows.
                if (name is not ("submission" or "gzip" or "zstd"))
                    Assert.Equal(rows, Read(path, name, blockBytes: 7));
                File.Delete(path);
            }),
            iter: iterations,
            time: seconds,
            threads: 2);
    }

    private static List<string> Read(string path, string name, int blockBytes)
    {
        var options = DataFolder.Test with { BlockBytes = blockBytes, MaxRecordBytes = 4096, Threads = 1 };
        var rows = new List<string>();
        try
        {
            if (name.EndsWith("votes", StringComparison.Ordinal))
            {
                var votes = VoteReader.Read(path, options);
                rows.AddRange([.. votes.Votes().Select(vote => $"{vote}"), .. votes.Problems.Select(problem => $"{problem}")]);
            }
            else if (string.Equals(name, "submission", StringComparison.Ordinal))
            {
                CheckAndRepair(path);
            }
            else
            {
                foreach (var row in BattleReader.Read(path, options))
                    rows.Add($"{row.Line} {row.Problem} {row.Battle} {string.Join(' ', row.Battle?.Turns ?? [])}");
            }
        }
        catch (InputException exception)
        {
            rows.Add(exception.Message);
        }

        return rows;
    }

    private static void CheckAndRepair(string path)
    {
        var table = CsvTable.Read(path);
        new SubmissionCheck(table, [.. FuzzFiles.SubmissionIds]).Run();
        var (preferences, _) = new SubmissionRepair(path, table, SubmissionScale.None, [.. FuzzFiles.SubmissionIds]).Run();
        Assert.Equal(FuzzFiles.SubmissionIds.Length, preferences.Count);
        Assert.All(preferences, preference => Assert.True(preference.IsValid, $"{preference}"));
    }
}
