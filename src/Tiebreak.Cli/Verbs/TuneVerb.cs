using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Searching;

namespace Tiebreak.Cli.Verbs;

internal sealed class TuneVerb : Verb
{
    private readonly Argument<string> _recipe = new("recipe")
    {
        Description = "A YAML file, or a recipe that comes with Tiebreak; see `tiebreak train --help`.",
    };
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Labelled battles, in any format that Tiebreak reads.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string> _out = new("--out") { Description = "The recipe to write, a YAML file.", Required = true };
    private readonly Option<int> _trials = new("--trials")
    {
        Description = "How many variants to try; the first is the recipe as it is.",
        DefaultValueFactory = _ => 12,
    };
    private readonly Option<string[]> _vary = new("--vary")
    {
        Description = "A key and what to try for it: tuning.learning_rate=1e-5..1e-4 or tuning.lora.rank=[8,16,32]. Default: learning "
            + "rate, rank, length and label smoothing, or leaves, rates and shares, around the values of the recipe.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Change the recipe for all trials: key=value.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _target = new("--target")
    {
        Description = "The source that the judge is for, where the data holds several; that of the first battle otherwise.",
    };
    private readonly Option<string?> _weights = new("--weights") { Description = "How much each battle counts, by id; as train has it." };
    private readonly Option<string[]> _teachers = new("--teachers")
    {
        Description = "What other judges said about these battles, by id; as train has it.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<double> _holdout = new("--holdout")
    {
        Description = "The share of the battles that the trials are scored on, in whole prompts.",
        DefaultValueFactory = _ => 0.25,
    };
    private readonly Option<string?> _report = new("--report") { Description = "Also write the trials as one HTML page." };
    private readonly WorkOptions _work;

    public TuneVerb(Surface surface)
        : base("tune", "Search better values for keys of a recipe, such as the learning rate, and write the best recipe.", surface)
    {
        Add(_recipe);
        Add(_data);
        Add(_out);
        Add(_trials);
        Add(_vary);
        Add(_set);
        Add(_target);
        Add(_weights);
        Add(_teachers);
        Add(_holdout);
        Add(_report);
        _work = new WorkOptions(this, "A folder in which the search keeps what it has finished, and a log. Default: OUT.work.");
        AddInputOptions();
        AddJudgeOptions();
        Examples =
        [
            "tune feature --data train.csv --out best.yaml --trials 12",
            "tune minilm --data train.csv --out best.yaml --vary tuning.learning_rate=1e-5..1e-4 tuning.label_smoothing=[0,0.1] --detach",
            "train best.yaml --data train.csv --out judge",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var path = parse.GetRequiredValue(_out);
        var work = _work.Folder(parse) ?? $"{path}.work";
        if (_work.Detaches(parse))
            return await _work.DetachAsync(parse, session, work);
        string[] target = parse.GetValue(_target) is { } name ? [$"target={name}"] : [];
        var search = new SearchRecipe
        {
            Recipe = parse.GetRequiredValue(_recipe),
            Changes = [.. parse.GetValue(_set) ?? [], .. target],
            Vary = parse.GetValue(_vary) ?? [],
            Data = parse.GetRequiredValue(_data),
            Weights = parse.GetValue(_weights),
            Teachers = parse.GetValue(_teachers) ?? [],
            Out = path,
            Trials = parse.GetValue(_trials),
            Holdout = parse.GetValue(_holdout),
            WorkFolder = work,
            Resume = _work.Resumes(parse),
        };
        session.Report(
            await session.RunAsync(context => search.RunAsync(context, cancellationToken)),
            () => AppJson.Default.SearchDocument,
            parse.GetValue(_report));
        return TiebreakCommand.Ok;
    }
}
