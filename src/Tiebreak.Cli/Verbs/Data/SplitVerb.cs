using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Data.Splitting;

namespace Tiebreak.Cli.Verbs.Data;

internal sealed class SplitVerb : Verb
{
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Battles to split.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string[]> _out = new("--out")
    {
        Description = "The files to write, one per part.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<double[]> _fractions = new("--fractions")
    {
        Description = "How large the parts are in proportion, one number per file: 8 1 1. For model and time: "
            + "the share of the second part. Default: 0.8 0.2.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _by = new("--by")
    {
        Description = "What never stands on both sides: prompt, model or time.",
        DefaultValueFactory = _ => "prompt",
    };
    private readonly Option<string[]> _models = new("--models")
    {
        Description = "With --by model: the models to hold out.",
        AllowMultipleArgumentsPerToken = true,
    };

    public SplitVerb(Surface surface)
        : base("split", "Cut battles into parts that share no prompt.", surface)
    {
        _by.AcceptOnlyFromAmong("prompt", "model", "time");
        Add(_data);
        Add(_out);
        Add(_fractions);
        Add(_by);
        Add(_models);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var paths = parse.GetRequiredValue(_out);
        var fractions = parse.GetValue(_fractions) is { Length: > 0 } given ? given : [0.8, 0.2];
        if (fractions.Length != paths.Length || paths.Length < 2)
        {
            throw new InputException(
                $"--out names {paths.Length} files and --fractions {fractions.Length} parts; give as many of each, at least two.");
        }

        if (!Array.TrueForAll(fractions, fraction => fraction > 0 && double.IsFinite(fraction)))
            throw new InputException("--fractions must all be above 0.");

        var set = await BattleLoading.LoadAsync(session, parse.GetRequiredValue(_data), BattlePurpose.Explore, cancellationToken);
        var split = Split(parse, set.Battles, fractions, session.Seed);
        foreach (var (path, part) in paths.Zip(split.Parts))
            ConvertVerb.Write(path, part);

        session.Show(new TextTable(
            "Parts", ["File", "Battles", "A", "B", "Tie"],
            [.. paths.Zip(split.Parts, (path, part) =>
                new[] { path, $"{part.Count:N0}", Share(part, Outcome.A), Share(part, Outcome.B), Share(part, Outcome.Tie) })])
            .ToTerminal());
        if (split.SetAside.Count > 0)
            session.Say($"{split.SetAside.Count:N0} battles are in no part, because they share a prompt with the held-out part.");
        session.Emit(new JsonObject
        {
            ["parts"] =
                new JsonArray([.. paths.Zip(split.Parts, (path, part) => new JsonObject { ["out"] = path, ["rows"] = part.Count })]),
            ["set_aside"] = split.SetAside.Count,
        });
        return TiebreakCommand.Ok;
    }

    private BattleSplit Split(ParseResult parse, IReadOnlyList<Battle> battles, double[] fractions, ulong seed)
    {
        var by = parse.GetRequiredValue(_by);
        if (by is "prompt")
            return BattleSplitter.ByPrompt(battles, fractions, seed);
        if (fractions.Length != 2)
            throw new InputException($"--by {by} makes two parts: give two files.");

        var heldOut = fractions[1] / (fractions[0] + fractions[1]);
        if (by is "time")
            return BattleSplitter.ByTime(battles, heldOut);
        return parse.GetValue(_models) is { Length: > 0 } models
            ? BattleSplitter.ByModel(battles, models)
            : BattleSplitter.ByModel(battles, heldOut, seed);
    }

    private static string Share(IReadOnlyList<Battle> battles, Outcome outcome)
    {
        var labelled = battles.Where(battle => battle.Target is not null).ToList();
        return labelled.Count == 0
            ? "none"
            : labelled.Average(battle => battle.Target!.Value[outcome]).ToString("P1", CultureInfo.InvariantCulture);
    }
}
