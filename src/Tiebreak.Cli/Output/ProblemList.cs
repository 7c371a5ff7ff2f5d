using System.Text.Json.Nodes;
using Tiebreak.Data;

namespace Tiebreak.Cli.Output;

/// <summary>Rows that could not be read as they should, for machines.</summary>
internal static class ProblemList
{
    public static JsonArray ToJson(BattleSet set) => ToJson(set.Problems);

    public static JsonArray ToJson(IReadOnlyList<RowProblem> problems) => new([.. problems.Select(problem => new JsonObject
    {
        ["file"] = problem.File,
        ["line"] = problem.Line,
        ["id"] = problem.Id,
        ["reason"] = problem.Reason,
    })]);
}
