using System.CommandLine;
using System.Text.Json.Nodes;
using Tiebreak.App.Predicting;
using Tiebreak.App.Recipes;
using Tiebreak.App.Training;
using Tiebreak.Cli.Output;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Data.Submissions;

namespace Tiebreak.Cli.Verbs;

internal sealed class QuickstartVerb : Verb
{
    private readonly Option<string> _out = new("--out")
    {
        Description = "Folder to work in.",
        DefaultValueFactory = _ => "tiebreak-quickstart",
    };

    public QuickstartVerb(Surface surface)
        : base("quickstart", "Train, evaluate and predict on the built-in sample, from nothing to a valid submission.", surface) =>
        Add(_out);

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var folder = parse.GetRequiredValue(_out);
        StorageError.Guard(folder, () => Directory.CreateDirectory(folder));

        var battles = Unpack(folder, "battles.jsonl.gz");
        var test = Unpack(folder, "test.csv");
        Unpack(folder, "costs.yaml");
        var judge = Path.Combine(folder, "judge");
        var submission = Path.Combine(folder, "submission.csv");

        session.Say("The sample is synthetic: its texts were written for this project, its verdicts drawn at random from a formula.");
        session.Say("Its scores say nothing about real votes.");
        session.Say("");
        session.Say("1. Training on " + battles);
        var training = new TrainJudge { Recipe = RecipeFile.Load("feature", []), Data = [battles], Out = judge };
        var trained = await session.RunAsync(context => training.RunAsync(context, cancellationToken));
        session.Show(trained.Sections());

        session.Say("2. Predicting " + test);
        var prediction = new PredictFile { Judge = judge, Data = test, Out = submission };
        session.Show((await session.RunAsync(context => prediction.RunAsync(context, cancellationToken))).Sections());

        session.Say("3. Checking the submission");
        var report = SubmissionFile.Check(submission, test);
        if (!report.IsValid)
            throw new TiebreakException($"The submission is not valid: {report.Problems[0]}. Please report this.");

        session.Say($"{submission} is valid: {Quantity.Of(report.Rows, "row")}.");
        session.Say("");
        session.Say("Next, with votes of your own (Kaggle CSV or JSON lines):");
        session.Say("  tiebreak train feature --data train.csv --out judge");
        session.Say("  tiebreak predict --judge judge --data test.csv --out submission.csv");
        session.Say($"  tiebreak compare --judge {judge} --prompt \"Name a prime number.\" --a \"7 is a prime number.\" --b \"Eight.\"");
        session.Emit(
            new QuickstartResult(folder, judge, submission, report.Rows, trained.Validation), () => CommandJson.Default.QuickstartResult);
        return TiebreakCommand.Ok;
    }

    private static string Unpack(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        using var resource = typeof(QuickstartVerb).Assembly.GetManifestResourceStream($"samples/{name}")
            ?? throw new TiebreakException($"This build of Tiebreak lacks its sample {name}. Please report this.");
        AtomicFile.Write(path, resource.CopyTo);
        return path;
    }
}

/// <summary>What the quickstart made.</summary>
/// <param name="Folder">The folder it worked in.</param>
/// <param name="Judge">The judge's bundle.</param>
/// <param name="Submission">The submission.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Validation">Metrics of the judge, out of fold.</param>
internal sealed record QuickstartResult(string Folder, string Judge, string Submission, int Rows, JsonObject Validation);
