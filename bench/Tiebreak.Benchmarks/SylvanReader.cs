using System.Buffers;
using System.Text;
using System.Text.Json;
using Sylvan.Data.Csv;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Json;

namespace Tiebreak.Benchmarks;

/// <summary>
/// The same work with a CSV library: Sylvan for the cells, System.Text.Json for the lists in them. One thread; no error reports.
/// </summary>
public static class SylvanReader
{
    private static readonly Verdict[] Verdicts = [Verdict.A, Verdict.B, Verdict.Tie];

    public static List<Battle> Read(string path)
    {
        var battles = new List<Battle>();
        using var csv = CsvDataReader.Create(path, new CsvDataReaderOptions { BufferSize = 1 << 20, MaxBufferSize = 1 << 26 });
        while (csv.Read())
        {
            battles.Add(new Battle
            {
                Id = csv.GetString(0),
                ModelA = csv.GetString(1),
                ModelB = csv.GetString(2),
                Turns = BattleJson.Zip(Texts(csv, 3), Texts(csv, 4), Texts(csv, 5)),
                Verdict = Verdicts[csv.GetFieldSpan(6) is "1" ? 0 : csv.GetFieldSpan(7) is "1" ? 1 : 2],
            });
        }

        return battles;
    }

    private static List<string?> Texts(CsvDataReader csv, int column)
    {
        var cell = csv.GetFieldSpan(column);
        var buffer = ArrayPool<byte>.Shared.Rent(3 * cell.Length);
        var reader = new Utf8JsonReader(buffer.AsSpan(0, Encoding.UTF8.GetBytes(cell, buffer)));
        reader.Read();
        var texts = JsonText.ReadList(ref reader);
        ArrayPool<byte>.Shared.Return(buffer);
        return texts;
    }
}
