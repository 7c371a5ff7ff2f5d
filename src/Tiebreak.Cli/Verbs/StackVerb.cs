using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Ensembles;
using Tiebreak.App.Evaluating;
using Tiebreak.App.Recipes;
using Tiebreak.Data.Facts;

namespace Tiebreak.Cli.Verbs;

internal sealed class StackVerb : Verb
{
    private readonly Argument<string> _recipe = new("recipe")
    {
        Description = "How the judge on top is trained: a YAML file, or a recipe that comes with Tiebreak. stack-trees has trees over "
            + "the preferences alone, stack-logistic and stack-svm are linear in them, feature reads the texts too.",
    };
    private readonly Argument<string[]> _files = new("files")
    {
        Description = "The out-of-fold preferences of each judge; without them the judges are asked about battles that are new to them.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly Option<string[]> _judges = new("--judge")
    {
        Description = "The folder of a judge's bundle, once for each.",
        Required = true,
    };
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Labelled battles that the judge on top learns from.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string> _out = new("--out") { Description = "Folder of the bundle to write.", Required = true };
    private readonly Option<string?> _oof = new("--oof")
    {
        Description = "Also write the calibrated out-of-fold (or held-out) preferences, in the layout of a submission.",
    };
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Change the recipe: key=value, for instance boosting.leaves=16.",
    };
    private readonly Option<bool> _link = new("--link")
    {
        Description = "Name the members by path and hash instead of copying them into the bundle.",
    };
    private readonly Option<string[]> _by = new("--by")
    {
        Description = $"Also the gain by slices: {string.Join(", ", SliceKey.ForReports.Select(key => key.Name))}.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _report = new("--report") { Description = "Also write the report as an HTML page." };
    private readonly StatesOption _states = new();
    private readonly ScaleOption _scale = new();

    public StackVerb(Surface surface)
        : base("stack", "Train a judge on what other judges say, and save them as one.", surface)
    {
        _by.AcceptOnlyFromAmong([.. SliceKey.ForReports.Select(key => key.Name)]);
        Add(_recipe);
        Add(_files);
        foreach (var option in new Option[] { _judges, _data, _out, _oof, _set, _link, _by, _report, _states, _scale })
            Add(option);
        AddInputOptions();
        AddJudgeOptions();
        Examples = ["stack stack-trees oof-one.csv oof-two.csv --judge one --judge two --data train.csv --out both"];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var (name, changes) = (parse.GetRequiredValue(_recipe), parse.GetValue(_set) ?? []);
        var recipe = RecipeFile.Load(name, changes);
        var stack = new StackJudges
        {
            Members = new MemberInput
            {
                Judges = parse.GetRequiredValue(_judges),
                OutOfFold = parse.GetValue(_files) ?? [],
                Data = parse.GetRequiredValue(_data),
                States = parse.GetValue(_states),
                Scale = _scale.Get(parse),
                Links = parse.GetValue(_link),
            },
            Recipe = recipe.Recipe.Kind is "feature" ? RecipeFile.Load(name, changes, numbersOfBattle: []) : recipe,
            Out = parse.GetRequiredValue(_out),
            OutOfFold = parse.GetValue(_oof),
            Slices = new SliceChoice { ShownFirst = parse.GetValue(_by) ?? [], HasAll = false },
        };
        session.Report(
            await session.RunAsync(context => stack.RunAsync(context, cancellationToken)), () => AppJson.Default.EnsembleDocument,
            parse.GetValue(_report));
        return TiebreakCommand.Ok;
    }
}
