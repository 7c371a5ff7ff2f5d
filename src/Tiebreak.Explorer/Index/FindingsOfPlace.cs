using Tiebreak.Core.Battles;
using Tiebreak.Data.Auditing;
using Tiebreak.Data.Facts;

namespace Tiebreak.Explorer.Index;

/// <summary>Works out the findings that depend on other battles, and puts them into the table of battles.</summary>
internal static class FindingsOfPlace
{
    private const string Table = "findings_of_place";

    /// <summary>Works them out, as an audit of the same files does.</summary>
    /// <param name="database">The database, with all battles.</param>
    /// <param name="prompts">All battles in order, of whose texts only the prompts are looked at.</param>
    /// <param name="files">The file of each battle.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellationToken">Stops between battles.</param>
    public static void Add(
        IndexDatabase database, IReadOnlyList<Battle> prompts, IReadOnlyList<int> files, int threads, CancellationToken cancellationToken)
    {
        var keys = database.Ask(
            "SELECT winner, prompt_key, content_key, content_swapped FROM battles ORDER BY number", [],
            row => KeysOf(BattleColumns.VerdictAt(row, 0), row.GetFieldValue<ulong>(1), row.GetFieldValue<ulong>(2), row.GetBoolean(3)));
        var isTest = new bool[files[^1] + 1];
        var places = Auditor.Place([.. files], isTest, prompts, keys, alikePrompts: null, threads, cancellationToken);

        var findings = BattleColumns.FindingsOfPlace;
        var columns = string.Join(", ", findings.Select(finding => $"{finding.Column} BOOLEAN"));
        database.Execute($"CREATE TABLE {Table} (number INTEGER, {columns})");
        database.Append(Table, table =>
        {
            for (var i = 0; i < keys.Count; i++)
            {
                var row = table.CreateRow().AppendValue(i + 1);
                foreach (var finding in findings)
                    row.AppendValue(finding.Has(places, i));
                row.EndRow();
            }
        });

        // A table that is written anew is compact and in order; updating every row of the old one would double it.
        var known = string.Join(", ", findings.Select(finding => $"{Table}.{finding.Column} AS {finding.Column}"));
        var found = string.Join(" + ", Finding.All.Index().Where(finding => finding.Item.Predicate is null)
            .Select(finding => Invariant($"{Table}.{finding.Item.Column}::INTEGER * {BattleColumns.BitOf(finding.Index)}")));
        database.Execute(
            $"BEGIN; CREATE TABLE known AS SELECT battles.* REPLACE ({known}, found + {found} AS found) "
            + $"FROM battles JOIN {Table} USING (number) ORDER BY number; "
            + $"DROP TABLE battles; DROP TABLE {Table}; ALTER TABLE known RENAME TO battles; COMMIT; CHECKPOINT");
    }

    /// <summary>Facts with what makes battles equal, and nothing else.</summary>
    private static BattleFacts KeysOf(Verdict? verdict, ulong prompt, ulong content, bool isSwapped) => new()
    {
        Id = "",
        Turns = 0,
        PromptLength = 0,
        LengthA = 0,
        LengthB = 0,
        Verdict = verdict,
        PromptKey = new ContentKey(prompt),
        Texts = new TextFacts { Tokens = 0, Language = "", ContentKey = new ContentKey(content), ContentSwapped = isSwapped },
    };
}
