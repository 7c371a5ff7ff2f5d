using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Ensembles;
using Tiebreak.App.Training;
using Tiebreak.Core;

namespace Tiebreak.Cli.Verbs;

internal sealed class TrainVerb : Verb
{
    private readonly Argument<string> _recipe = new("recipe")
    {
        Description = "A YAML file, or a recipe that comes with Tiebreak: priors, length, text, feature, style-free, everything, probe, "
            + "classifier, zero-shot, reward, pair-preference; and, with weights that learn, minilm, minilm-reward, minilm-siamese, "
            + "minilm-mlm, deberta-v3-xsmall, deberta-v3-base, deberta-v3-large, deberta-v3-siamese, modernbert-base, qwen3-0.6b, "
            + "qwen3-8b, qwen2.5-7b, mistral-7b, llama-3-8b, gemma-2-9b, gemma-2-9b-distilled, decoder-lora, generator-lora, reward-lora, "
            + "tiny-decoder.",
    };
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Labelled battles, in any format that Tiebreak reads.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _out = new("--out") { Description = "Folder of the bundle to write.", Required = true };
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Change the recipe: key=value, for instance boosting.leaves=16.",
    };
    private readonly Option<string?> _target = new("--target")
    {
        Description = "The source that the judge is for, where the data holds several; that of the first battle otherwise.",
    };
    private readonly Option<string?> _oof = new("--oof")
    {
        Description = "Also write the calibrated out-of-fold (or held-out) preferences, in the layout of a submission.",
    };

    private readonly WorkOptions _work;
    private readonly Option<string?> _report = new("--report")
    {
        Description = "Also write metrics, and the course of the training where weights learn, as one HTML page.",
    };
    private readonly StatesOption _states = new();
    private readonly TrainingNumbersOptions _numbers;
    private readonly Option<string?> _weights = new("--weights")
    {
        Description = "How much each battle counts, by id: CSV, Parquet or JSON with the columns id and weight (feature judges, priors, "
            + "weights that learn).",
    };

    private readonly Option<string[]> _teachers = new("--teachers")
    {
        Description = "What other judges said about these battles, by id, in the layout of a submission (better out of fold): weights that "
            + "learn are trained on it too.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string[]> _unlabelled = new("--unlabelled")
    {
        Description = "Battles without vote to learn from, labelled by --pseudo-labels; they are of the source pseudo-labels.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _pseudoLabels = new("--pseudo-labels")
    {
        Description = "Preferences by id that stand in for the votes on --unlabelled, in the layout of a submission.",
    };

    private readonly Option<int?> _members = new("--members")
    {
        Description = "Train so many judges with different seeds and save them as one, a blend in which all count the same: 5.",
    };

    private readonly Option<bool> _ablate = new("--ablate")
    {
        Description = "Also measure the loss without each group of features (kind feature).",
    };

    public TrainVerb(Surface surface)
        : base("train", "Train a judge on labelled battles and save it as a bundle.", surface)
    {
        Add(_recipe);
        Add(_data);
        Add(_out);
        Add(_set);
        Add(_target);
        Add(_states);
        _numbers = new TrainingNumbersOptions(this);
        Add(_weights);
        Add(_teachers);
        Add(_unlabelled);
        Add(_pseudoLabels);
        Add(_ablate);
        Add(_members);
        Add(_oof);
        Add(_report);
        _work = new WorkOptions(
            this, "A folder in which a long training keeps what it has finished, and a log. Default with --detach: OUT.work.");
        AddInputOptions();
        AddJudgeOptions();
        Device.Description = "Where transformer judges compute: cpu, cuda:0, or a list that shares each step of weights that learn, "
            + "such as cuda:0,cuda:1.";
        Examples =
        [
            "train feature --data train.csv --out judge --oof oof.csv",
            "train feature --data train.csv --numbers rewards.csv --out judge",
            "train minilm --data train.csv --out judge --work work --detach",
            "evaluate --predictions oof.csv --data train.csv --report report.html",
        ];
    }

    // A training on several devices is one process.
    protected override string DeviceOf(ParseResult parse) => parse.GetValue(_members) is null
        ? string.Join(',', Device.Of(parse))
        : base.DeviceOf(parse);

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        if (_work.Detaches(parse))
            return await _work.DetachAsync(parse, session, _work.Folder(parse) ?? $"{parse.GetRequiredValue(_out)}.work");
        string[] target = parse.GetValue(_target) is { } name ? [$"target={name}"] : [];
        string[] ablate = parse.GetValue(_ablate) ? ["ablate=true"] : [];
        var (work, resume) = (_work.Folder(parse), _work.Resumes(parse));
        if (resume && work is null)
            throw new InputException("--resume needs --work: the folder that holds what the training has finished.");
        var recipe = _numbers.LoadRecipe(
            parse, parse.GetRequiredValue(_recipe), [.. parse.GetValue(_set) ?? [], .. target, .. ablate]);
        var training = new TrainJudge
        {
            Recipe = recipe,
            Data = parse.GetRequiredValue(_data),
            Out = parse.GetRequiredValue(_out),
            OutOfFold = parse.GetValue(_oof),
            States = parse.GetValue(_states),
            Numbers = _numbers.File(parse),
            Weights = parse.GetValue(_weights),
            Teachers = parse.GetValue(_teachers) ?? [],
            Unlabelled = parse.GetValue(_unlabelled) ?? [],
            PseudoLabels = parse.GetValue(_pseudoLabels),
            WorkFolder = work,
            Resume = resume,
        };
        if (parse.GetValue(_members) is { } members)
        {
            var ensemble = new TrainMembers { Training = training, Members = members };
            session.Report(
                await session.RunAsync(context => ensemble.RunAsync(context, cancellationToken)),
                () => AppJson.Default.EnsembleDocument,
                parse.GetValue(_report));
            return TiebreakCommand.Ok;
        }

        session.Report(
            await session.RunAsync(context => training.RunAsync(context, cancellationToken)),
            () => AppJson.Default.TrainingDocument,
            parse.GetValue(_report));
        return TiebreakCommand.Ok;
    }
}
