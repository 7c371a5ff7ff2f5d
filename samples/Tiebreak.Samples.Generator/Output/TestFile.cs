using System.Globalization;
using System.Text;
using System.Text.Json;
using Tiebreak.Samples.Generator.Chance;

namespace Tiebreak.Samples.Generator.Output;

/// <summary>Writes unlabelled battles in the layout of the competition's test.csv.</summary>
internal static class TestFile
{
    /// <summary>Each text column is a JSON array with one string per turn, quoted by RFC 4180.</summary>
    public static void Write(string path, IReadOnlyList<Battle> battles, Dice dice)
    {
        var text = new StringBuilder("id,prompt,response_a,response_b\n");
        long id = 100_000;
        foreach (var battle in battles)
        {
            // Gaps make the later identifiers exceed 32 bits, as they do in the competition.
            id += dice.Between(1, 40_000_000);
            text.Append(id.ToString(CultureInfo.InvariantCulture));
            foreach (var column in new[] { battle.Prompts, battle.ResponsesA, battle.ResponsesB })
                text.Append(",\"").Append(JsonSerializer.Serialize(column).Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
            text.Append('\n');
        }

        File.WriteAllText(path, text.ToString(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }
}
