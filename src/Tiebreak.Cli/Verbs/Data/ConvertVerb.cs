using System.CommandLine;
using System.Text.Json.Nodes;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data;

namespace Tiebreak.Cli.Verbs.Data;

internal sealed class ConvertVerb : Verb
{
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Battles to read.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string> _out = new("--out")
    {
        Description = "The file to write: .jsonl, .jsonl.gz and .parquet keep everything; .csv is Kaggle's layout, "
            + "with labels where all battles have one.",
        Required = true,
    };

    public ConvertVerb(Surface surface)
        : base("convert", "Write battles in another format.", surface)
    {
        Add(_data);
        Add(_out);
    }

    /// <summary>Writes battles in the format that the file's name asks for.</summary>
    /// <exception cref="InputException">The name ends in none of the known ways.</exception>
    public static void Write(string path, IReadOnlyList<Battle> battles)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        if (name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase))
            BattleWriter.WriteJsonl(path, battles);
        else if (path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
            BattleWriter.WriteParquet(path, battles);
        else if (!name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
            throw new InputException($"The format of {path} is not known. End its name in .jsonl, .jsonl.gz, .parquet or .csv.");
        else if (battles.All(battle => battle.Verdict is not null))
            BattleWriter.WriteKaggleTrain(path, battles);
        else
            BattleWriter.WriteKaggleTest(path, battles);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var path = parse.GetRequiredValue(_out);
        var set = await BattleLoading.LoadAsync(session, parse.GetRequiredValue(_data), BattlePurpose.Explore, cancellationToken);
        Write(path, set.Battles);
        session.Say($"Wrote {path}: {set.Battles.Count:N0} battles.");
        session.Emit(new JsonObject { ["out"] = path, ["rows"] = set.Battles.Count, ["problems"] = set.Problems.Count });
        return TiebreakCommand.Ok;
    }
}
