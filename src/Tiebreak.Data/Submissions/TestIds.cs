using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Submissions;

/// <summary>The ids of the test data, which say what a submission must hold.</summary>
internal static class TestIds
{
    /// <summary>The ids in the order of the file, each once.</summary>
    /// <param name="testPath">The test data.</param>
    /// <param name="mapping">What its columns are called; null for the usual names.</param>
    /// <exception cref="InputException">The file cannot be read, or a row has no id or one that stands there before.</exception>
    public static List<string> Read(string testPath, BattleMapping? mapping)
    {
        var ids = new List<string>();
        var known = new BattleIds(BattlePurpose.Test);
        foreach (var row in BattleReader.Read(testPath, new BattleReadOptions { Purpose = BattlePurpose.Test, Mapping = mapping }))
        {
            known.Add(testPath, row);
            ids.Add(row.Battle!.Id);
        }

        return ids;
    }
}
