using System.CommandLine;
using System.Globalization;
using Tiebreak.App;
using Tiebreak.App.Ranking;
using Tiebreak.Core;
using Tiebreak.Ratings.Contextual;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Models;
using Tiebreak.Reports.Plots;

namespace Tiebreak.Cli.Verbs.Rank;

internal sealed class RankVerb : Verb
{
    private static readonly string[] Diagnostics = ["chart", "models", "fragility", "voters", "cycles", "next", "matrices"];

    private readonly Argument<string> _votes = new("votes")
    {
        Description = """
            A file with model_a, model_b, winner (CSV, JSON), or battles in any format that Tiebreak reads.
            Examples:
              tiebreak rank votes.csv --model davidson --intervals bootstrap
              tiebreak rank votes.csv --cluster voter --show fragility voters models
              tiebreak rank battles.jsonl --style length bold --by language --plot pictures
              tiebreak rank voted.jsonl --judge judge --unvoted more.jsonl --cluster prompt
              tiebreak rank voted.jsonl --judge judge --target-width 20 --cost-per-vote 0.15
            """,
    };

    private readonly Option<string> _model = new("--model")
    {
        Description = "bt (Bradley-Terry), rao-kupper, davidson, grounded (both bad apart), elo (online).",
        DefaultValueFactory = _ => "bt",
    };
    private readonly Option<string> _intervals = new("--intervals")
    {
        Description = "sandwich or bootstrap.",
        DefaultValueFactory = _ => "sandwich",
    };
    private readonly Option<int> _rounds = new("--rounds")
    {
        Description = "Bootstrap rounds, and draws for ranks.",
        DefaultValueFactory = _ => 1000,
    };
    private readonly Option<double> _k = new("--k")
    {
        Description = "Points that a vote can move an online Elo rating by.",
        DefaultValueFactory = _ => 4,
    };
    private readonly Option<string> _anchor = new("--anchor")
    {
        Description = "What fixes the level: mean=1000, or MODEL=RATING.",
        DefaultValueFactory = _ => "mean=1000",
    };
    private readonly Option<string[]> _exclude = new("--exclude")
    {
        Description = "Models to leave out.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<double> _penalty = new("--penalty")
    {
        Description = "Factor of half the squared strengths; 0 is maximum likelihood.",
        DefaultValueFactory = _ => 0,
    };
    private readonly Option<int?> _reweight = new("--reweight")
    {
        Description = "Divide votes by the number of votes of their pair, or by this if that is larger.",
    };
    private readonly Option<double?> _halfLife = new("--half-life") { Description = "Days after which a vote counts half; needs times." };
    private readonly Option<string?> _composite = new("--composite")
    {
        Description = "One leaderboard in which the parts of a column count alike, or by --composite-weights.",
    };
    private readonly Option<string[]> _compositeWeights = new("--composite-weights")
    {
        Description = "Parts and weights: code=2 prose=1; parts that are not named do not count.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _cluster = new("--cluster")
    {
        Description = "Votes that depend on each other: voter, prompt (battles), or a column.",
    };
    private readonly Option<string[]> _style = new("--style")
    {
        Description = $"Control for style; texts are needed. Without names: {string.Join(", ", StyleFeatures.Arena)}; all: "
            + $"{string.Join(", ", StyleFeatures.Names)}.",
        Arity = ArgumentArity.ZeroOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _feature = new("--feature")
    {
        Description = "Control for numeric columns of a votes file: the value of side A less that of side B.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<double> _stylePenalty = new("--style-penalty")
    {
        Description = "Factor of half the squared coefficients.",
        DefaultValueFactory = _ => ContextualFit.DefaultPenalty,
    };
    private readonly Option<string[]> _by = new("--by")
    {
        Description = "Compare parts with the rest: language, turns, length, source, month, voter, or a column.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string[]> _show = new("--show")
    {
        Description = $"More: {string.Join(", ", Diagnostics)}.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string[]> _pair = new("--pair")
    {
        Description = "With --show fragility: two models whose order is examined instead of the top.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _overTime = new("--over-time")
    {
        Description = "Also the leaderboard as it stood at the end of every week, month, quarter or year; needs times.",
    };
    private readonly Option<string?> _judge = new("--judge")
    {
        Description = "Combine the votes with the preferences of a judge (a bundle's folder) on battles that nobody voted on, "
            + "and check the judge against the votes.",
    };
    private readonly Option<string[]> _unvoted = new("--unvoted")
    {
        Description = "With --judge: more files of battles; the first may hold unvoted ones as well.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<double?> _targetWidth = new("--target-width")
    {
        Description = "Plan the votes that make every 95 % interval at most so many points wide, from its lower to its upper end.",
    };
    private readonly Option<double?> _costPerVote = new("--cost-per-vote")
    {
        Description = "With --target-width: what a vote costs.",
    };
    private readonly Option<string?> _csv = new("--csv") { Description = "Also write the leaderboard as CSV." };
    private readonly Option<string?> _plot = new("--plot") { Description = "Also draw it: an .svg file, or a folder for all pictures." };

    public RankVerb(Surface surface)
        : base("rank", "Rank the models behind votes or battles, with intervals.", surface)
    {
        _model.AcceptOnlyFromAmong("bt", "rao-kupper", "davidson", "grounded", "elo");
        _intervals.AcceptOnlyFromAmong("sandwich", "bootstrap");
        _show.AcceptOnlyFromAmong(Diagnostics);
        _overTime.AcceptOnlyFromAmong("week", "month", "quarter", "year");
        Add(_votes);
        foreach (var option in (Option[])
            [
                _model, _intervals, _rounds, _k, _anchor, _exclude, _penalty, _reweight, _halfLife, _composite, _compositeWeights, _cluster,
                _style, _feature, _stylePenalty, _by, _show, _pair, _overTime, _judge, _unvoted, _targetWidth, _costPerVote, _csv, _plot,
            ])
        {
            Add(option);
        }

        AddInputOptions();
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        ThrowIfContradictory(parse);
        if (parse.GetValue(_judge) is { } judge)
        {
            var ranking = ByJudge(parse, judge);
            var judged = await session.RunAsync(context => ranking.RunAsync(context, cancellationToken));
            session.Show(judged.Sections());
            WriteFiles(parse, session, judged.ToCsv, judged.Plots);
            session.Emit(judged, () => AppJson.Default.JudgedLeaderboardDocument);
            return TiebreakCommand.Ok;
        }

        var votes = ByVotes(parse);
        var board = await session.RunAsync(context => votes.RunAsync(context, cancellationToken));
        session.Show(board.Sections());
        WriteFiles(parse, session, board.ToCsv, board.Plots);
        session.Emit(board, () => AppJson.Default.LeaderboardDocument);
        return TiebreakCommand.Ok;
    }

    private void WriteFiles(ParseResult parse, Session session, Func<string> csv, Func<IReadOnlyList<(string, IPlot)>> plots)
    {
        if (parse.GetValue(_csv) is { } path)
            session.Write(path, csv());
        foreach (var written in parse.GetValue(_plot) is { } plot ? PlotFiles.Write(plot, plots()) : [])
            session.Say($"Wrote {written}.");
    }

    private RankVotes ByVotes(ParseResult parse) => new()
    {
        Votes = parse.GetRequiredValue(_votes),
        Options = HowToRank(parse),
        EloFactor = parse.GetValue(_model) is "elo" ? parse.GetValue(_k) : null,
        Exclude = parse.GetValue(_exclude) ?? [],
        Reweight = parse.GetValue(_reweight),
        HalfLife = HalfLife(parse),
        Composite = parse.GetValue(_composite),
        CompositeWeights = CompositeWeights(parse),
        Cluster = parse.GetValue(_cluster),
        Style = WantsStyle(parse) ? parse.GetValue(_style) ?? [] : null,
        Features = parse.GetValue(_feature) ?? [],
        FeaturePenalty = parse.GetValue(_stylePenalty),
        By = parse.GetValue(_by) ?? [],
        Diagnostics = [.. (parse.GetValue(_show) ?? []).Select(name => Enum.Parse<LeaderboardDiagnostic>(name, ignoreCase: true))],
        Pair = parse.GetValue(_pair) is [var one, var other] ? (one, other) : null,
        Target = Target(parse),
        OverTime = parse.GetValue(_overTime) is { } period ? Enum.Parse<HistoryPeriod>(period, ignoreCase: true) : null,
    };

    private RankWithJudge ByJudge(ParseResult parse, string judge) => new()
    {
        Judge = judge,
        Files = [parse.GetRequiredValue(_votes), .. parse.GetValue(_unvoted) ?? []],
        Exclude = parse.GetValue(_exclude) ?? [],
        ClusterByPrompt = parse.GetValue(_cluster) is not null,
        Target = Target(parse),
        Options = HowToRank(parse),
    };

    private LeaderboardOptions HowToRank(ParseResult parse)
    {
        var rounds = parse.GetValue(_rounds);
        if (rounds is < 10 or > 1_000_000)
            throw new InputException($"--rounds is {rounds}; give a number from 10 to 1,000,000.");
        return new LeaderboardOptions
        {
            Model = parse.GetRequiredValue(_model) switch
            {
                "rao-kupper" => RatingModel.RaoKupper,
                "davidson" => RatingModel.Davidson,
                "grounded" => RatingModel.GroundedRaoKupper,
                _ => RatingModel.BradleyTerry,
            },
            Intervals = parse.GetValue(_intervals) is "bootstrap" ? IntervalKind.Bootstrap : IntervalKind.Sandwich,
            Rounds = rounds,
            Penalty = parse.GetValue(_penalty),
            Anchor = Anchor.Parse(parse.GetRequiredValue(_anchor)),
        };
    }

    private RatingTarget? Target(ParseResult parse) =>
        parse.GetValue(_targetWidth) is { } width ? new RatingTarget(width, parse.GetValue(_costPerVote)) : null;

    private TimeSpan? HalfLife(ParseResult parse) => parse.GetValue(_halfLife) switch
    {
        null => null,
        { } days when days > 0 && days < 1e5 => TimeSpan.FromDays(days),
        var days => throw new InputException($"--half-life is {days}; give days above 0."),
    };

    private bool WantsStyle(ParseResult parse) => parse.GetResult(_style) is not null;

    private Dictionary<string, double> CompositeWeights(ParseResult parse)
    {
        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var text in parse.GetValue(_compositeWeights) ?? [])
        {
            var split = text.LastIndexOf('=');
            if (split <= 0 || !double.TryParse(text.AsSpan(split + 1), CultureInfo.InvariantCulture, out var weight))
                throw new InputException($"--composite-weights {text} is not of the form PART=WEIGHT.");
            weights[text[..split]] = weight;
        }

        return weights;
    }

    private void ThrowIfContradictory(ParseResult parse)
    {
        var (wantsStyle, features) = (WantsStyle(parse), parse.GetValue(_feature) ?? []);
        if (parse.GetValue(_pair) is { Length: not (0 or 2) } pair)
            throw new InputException($"--pair names {(pair.Length == 1 ? "one model" : $"{pair.Length} models")}; give two.");
        if (parse.GetValue(_judge) is not null)
            ThrowIfNotForJudge(parse);
        else if (parse.GetValue(_unvoted) is { Length: > 0 })
            throw new InputException("--unvoted goes with --judge: votes alone have no use for battles that nobody voted on.");
        if (parse.GetValue(_costPerVote) is not null && parse.GetValue(_targetWidth) is null)
            throw new InputException("--cost-per-vote goes with --target-width: it is the planned votes that cost something.");
        if (parse.GetValue(_overTime) is not null
            && (wantsStyle || features.Length > 0 || parse.GetValue(_composite) is not null || parse.GetValue(_model) is "elo"))
        {
            throw new InputException("--over-time rates by votes alone: leave --style, --feature, --composite and --model elo out.");
        }

        var composite = parse.GetValue(_composite);
        if (composite is null && parse.GetValue(_compositeWeights) is { Length: > 0 })
            throw new InputException("--composite-weights goes with --composite COLUMN.");
        if (composite is not null && (wantsStyle || features.Length > 0 || parse.GetValue(_model) is "elo"
            || parse.GetValue(_intervals) is "bootstrap" || parse.GetValue(_cluster) is not null))
        {
            throw new InputException("--composite has sandwich intervals of single votes: leave --style, --feature, --cluster, "
                + "--intervals bootstrap and --model elo out.");
        }

        if (!wantsStyle && features.Length == 0)
            return;
        if (wantsStyle && features.Length > 0)
        {
            throw new InputException(
                "--style counts in the texts of battles and --feature reads columns of a votes file: give one of them.");
        }

        if (parse.GetValue(_model) is not "bt")
            throw new InputException($"--style and --feature work with --model bt; {parse.GetValue(_model)} has no features.");
        if (parse.GetValue(_intervals) is "bootstrap")
            throw new InputException("--style and --feature have sandwich intervals; leave --intervals bootstrap out.");
    }

    private void ThrowIfNotForJudge(ParseResult parse)
    {
        Option[] others =
        [
            _k, _reweight, _halfLife, _composite, _compositeWeights, _style, _feature, _stylePenalty, _by, _show, _pair, _overTime,
        ];
        if (others.FirstOrDefault(option => parse.GetResult(option) is { Implicit: false }) is { } other)
            throw new InputException($"{other.Name} does not go with --judge, which combines single votes and preferences.");
        if (parse.GetValue(_model) is not "bt" || parse.GetValue(_intervals) is "bootstrap")
            throw new InputException("--judge works with --model bt and sandwich intervals.");
        if (parse.GetValue(_cluster) is not (null or "prompt"))
            throw new InputException($"--cluster {parse.GetValue(_cluster)}: with --judge, battles can be clustered by prompt.");
    }
}
