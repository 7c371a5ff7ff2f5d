using System.Text.Json.Nodes;
using Tiebreak.Data;

namespace Tiebreak.Cli.Output;

/// <summary>Rows that could not be read as they should: the first few in words, all of them counted.</summary>
internal static class ProblemList
{
    private const int Shown = 5;

    public static void Warn(Session session, BattleSet set, BattlePurpose purpose) =>
        Warn(session, set.Problems, purpose == BattlePurpose.Train ? "were left out" : "were kept with what could be read");

    /// <param name="session">Where to warn.</param>
    /// <param name="problems">The problems.</param>
    /// <param name="fate">What became of the rows.</param>
    public static void Warn(Session session, IReadOnlyList<RowProblem> problems, string fate)
    {
        foreach (var problem in problems.Take(Shown))
            session.Warn(problem.ToString());
        if (problems.Count > 0)
        {
            session.Warn(
                $"{problems.Count:N0} rows with problems {fate}{(problems.Count > Shown ? $"; the first {Shown} are above" : "")}.");
        }
    }

    public static JsonArray ToJson(BattleSet set) => ToJson(set.Problems);

    public static JsonArray ToJson(IReadOnlyList<RowProblem> problems) => new([.. problems.Select(problem => new JsonObject
    {
        ["file"] = problem.File,
        ["line"] = problem.Line,
        ["id"] = problem.Id,
        ["reason"] = problem.Reason,
    })]);
}
