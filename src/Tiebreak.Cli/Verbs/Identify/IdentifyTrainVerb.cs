using System.CommandLine;
using System.Text.Json;
using Tiebreak.Cli.Output;
using Tiebreak.Cli.Output.Identify;
using Tiebreak.Core;
using Tiebreak.Core.Bundles;
using Tiebreak.Data;
using Tiebreak.Features.Identification;

namespace Tiebreak.Cli.Verbs.Identify;

internal sealed class IdentifyTrainVerb : Verb
{
    private readonly Argument<string[]> _battles = new("battles")
    {
        Description = "Battles with model names, in any format that Tiebreak reads; verdicts are not needed.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string> _out = new("--out") { Description = "Folder of the identifier to write.", Required = true };
    private readonly Option<int> _minResponses = new("--min-responses")
    {
        Description = $"Models with fewer different responses are pooled as \"{ResponseCollection.Other}\".",
        DefaultValueFactory = _ => 10,
    };

    private readonly Option<string?> _families = new("--families")
    {
        Description = "YAML: model, then family. Default: the letters that a name begins with.",
    };
    private readonly Option<int> _folds = new("--folds")
    {
        Description = "Prompt-grouped folds of the cross-validation.",
        DefaultValueFactory = _ => 5,
    };
    private readonly ConfusionOptions _confusion;

    public IdentifyTrainVerb(Surface surface)
        : base("train", "Learn how models write, and save that as an identifier.", surface)
    {
        Add(_battles);
        foreach (var option in (Option[])[_out, _minResponses, _families, _folds])
            Add(option);
        _confusion = new ConfusionOptions(this);
        AddInputOptions();
        Examples = ["identify train battles.jsonl --out identifier --plot families.svg --csv confusion.csv"];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var (folder, folds, minResponses) = (parse.GetRequiredValue(_out), parse.GetValue(_folds), parse.GetValue(_minResponses));
        if (folds is < 2 or > 100)
            throw new InputException("--folds must be from 2 to 100.");
        if (minResponses < 0)
            throw new InputException("--min-responses must be 0 or more.");
        IdentifierBundle.ThrowIfNotFree(folder);
        var families = FamilyFile.Read(parse.GetValue(_families));
        var set = await BattleLoading.LoadAsync(session, parse.GetRequiredValue(_battles), BattlePurpose.Explore, cancellationToken);
        var collection = ResponseCollection.Of(set.Battles, minResponses).InFolds(folds, session.Seed);
        var trained = await ProgressDisplay.RunAsync(session, progress => Task.Run(
            () => new WriterIdentifierTrainer(new IdentificationOptions(), session.Threads)
                .Train(collection.Responses, folds, progress, cancellationToken),
            cancellationToken));
        var manifest = new IdentifierManifest
        {
            Models = [],
            Families = families,
            MinResponses = minResponses,
            Weights = [],
            Validation = [],
            Seed = session.Seed,
            Folds = folds,
            Data = set.Files,
            Mapping = session.Reading.Mapping,
            Versions = FolderManifest.VersionsWith(new Dictionary<string, string>(StringComparer.Ordinal)),
            CheckTolerance = 1e-5,
        };
        var result = IdentificationResult.Of(
            trained.Identifier.Models,
            trained.Responses,
            trained.OutOfFold,
            collection.Groups,
            manifest.FamilyOf,
            session.Seed,
            session.Threads);
        var validation = JsonSerializer.SerializeToNode(new IdentificationReport(result), CommandJson.Default.IdentificationReport)!;
        manifest = await IdentifierBundle.WriteAsync(
            folder, trained, manifest with { Validation = validation.AsObject() }, set.Battles, session.Threads, cancellationToken);

        SayWhatWasTaken(session, collection);
        IdentifyTables.Show(session, $"Out of fold ({folds} prompt-grouped folds)", result);
        session.Show(IdentifyTables.Tells(trained.Tells, result));
        _confusion.Write(parse, session, () => ConfusionPlot.ToCsv(result), () => ConfusionPlot.Of(result));
        session.Say($"Saved the identifier in {folder}. `tiebreak identify \"...\" --identifier {folder}` asks it.");
        session.Emit(
            new IdentifierTrainingReport(result)
            {
                Identifier = folder,
                Weights = new EvidenceShares(manifest.Weights[0], manifest.Weights[1], manifest.Weights[2]),
                Pooled = collection.Pooled.Select(model => new PooledWriter(model.Model, model.Responses)),
                Tells = trained.Tells.Select(WriterTells.Of),
                Problems = set.Problems,
            },
            () => CommandJson.Default.IdentifierTrainingReport);
        return TiebreakCommand.Ok;
    }

    private static void SayWhatWasTaken(Session session, ResponseCollection collection)
    {
        session.Say($"{collection.Responses.Count:N0} different responses to {collection.Groups.Max() + 1:N0} prompts; left out: "
            + $"{collection.Repeated:N0} repeated, {collection.Blank:N0} blank.");
        if (collection.Pooled.Count > 0)
        {
            session.Say($"Pooled as \"{ResponseCollection.Other}\", since they have few responses: " +
                $"{Shortened.List(collection.Pooled.Select(model => $"{model.Model} ({model.Responses})"), most: 8)}.");
        }
    }
}
