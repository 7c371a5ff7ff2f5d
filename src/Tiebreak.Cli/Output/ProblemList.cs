using System.Text.Json.Nodes;
using Tiebreak.Data;

namespace Tiebreak.Cli.Output;

/// <summary>Rows that could not be read as they should: the first few in words, all of them counted.</summary>
internal static class ProblemList
{
    private const int Shown = 5;

    public static void Warn(Session session, BattleSet set, BattlePurpose purpose)
    {
        if (set.Problems.Count == 0)
            return;

        foreach (var problem in set.Problems.Take(Shown))
            session.Warn(problem.ToString());
        var fate = purpose == BattlePurpose.Train ? "were left out" : "were kept with what could be read";
        session.Warn($"{set.Problems.Count:N0} rows with problems {fate}{(set.Problems.Count > Shown ? $"; the first {Shown} are above" : "")}.");
    }

    public static JsonArray ToJson(BattleSet set) => new([.. set.Problems.Select(problem => new JsonObject
    {
        ["file"] = problem.File,
        ["line"] = problem.Line,
        ["id"] = problem.Id,
        ["reason"] = problem.Reason,
    })]);
}
