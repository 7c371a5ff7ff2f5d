using System.CommandLine;
using Tiebreak.Cli.Output;
using Tiebreak.Cli.Output.Identify;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Features.Identification;

namespace Tiebreak.Cli.Verbs.Identify;

internal sealed class IdentifyEvaluateVerb : Verb
{
    private readonly Argument<string> _identifier = new("identifier") { Description = "Folder of the identifier." };
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "New battles with model names.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly ConfusionOptions _confusion;

    public IdentifyEvaluateVerb(Surface surface)
        : base("evaluate", "Measure how often an identifier names the writer, on responses that it has not seen.", surface)
    {
        Add(_identifier);
        Add(_data);
        _confusion = new ConfusionOptions(this);
        AddInputOptions();
        Examples = ["identify evaluate identifier --data new-battles.jsonl --plot families.svg"];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var folder = parse.GetRequiredValue(_identifier);
        var bundle = await Task.Run(() => IdentifierBundle.Open(folder), cancellationToken);
        session.Note(bundle.Notice);
        var set = await BattleLoading.LoadAsync(
            session, parse.GetRequiredValue(_data), BattlePurpose.Explore, cancellationToken, bundle.Manifest.Mapping);
        var collection = Usable(session, bundle, NotSeen(session, bundle, set.Battles));
        var probabilities = new double[collection.Responses.Count][];
        Parallel.For(
            0,
            probabilities.Length,
            new ParallelOptions { MaxDegreeOfParallelism = session.Threads, CancellationToken = cancellationToken },
            i => probabilities[i] = bundle.Identifier.Identify(collection.Responses[i].Text));
        var result = IdentificationResult.Of(
            bundle.Identifier.Models,
            collection.Responses,
            probabilities,
            collection.Groups,
            bundle.Manifest.FamilyOf,
            session.Seed,
            session.Threads);

        IdentifyTables.Show(session, folder, result);
        _confusion.Write(parse, session, () => ConfusionPlot.ToCsv(result), () => ConfusionPlot.Of(result));
        session.Emit(new IdentificationReport(result) { Problems = set.Problems }, () => CommandJson.Default.IdentificationReport);
        return TiebreakCommand.Ok;
    }

    private static IReadOnlyList<Battle> NotSeen(Session session, IdentifierBundle bundle, IReadOnlyList<Battle> battles)
    {
        var seen = bundle.ReadSeen();
        var unseen = battles.Where(battle => !seen.HasPrompt(battle)).ToList();
        if (unseen.Count == 0)
        {
            session.Warn($"the identifier was trained on the prompts of all {battles.Count:N0} battles: what follows says nothing about "
                + "new responses. What `tiebreak identify train` printed does.");
        }
        else if (unseen.Count < battles.Count)
        {
            session.Warn($"the identifier was trained on the prompts of {battles.Count - unseen.Count:N0} of {battles.Count:N0} battles; "
                + $"only the other {unseen.Count:N0} count here.");
        }

        return unseen.Count == 0 ? battles : unseen;
    }

    // Writers that the identifier does not know are "other models" to it, if it knows these.
    private static ResponseCollection Usable(Session session, IdentifierBundle bundle, IReadOnlyList<Battle> battles)
    {
        var collection = ResponseCollection.Of(battles, minResponses: 0);
        var known = bundle.Identifier.Models.ToHashSet(StringComparer.Ordinal);
        var others = known.Contains(ResponseCollection.Other);
        int[] kept = [.. Enumerable.Range(0, collection.Responses.Count)
            .Where(i => others || known.Contains(collection.Responses[i].Model))];
        if (kept.Length == 0)
        {
            throw new InputException("No response is by a model that the identifier knows: "
                + $"{string.Join(", ", bundle.Identifier.Models.Take(8))}{(known.Count > 8 ? " ..." : "")}.");
        }

        if (kept.Length < collection.Responses.Count)
        {
            session.Warn($"{collection.Responses.Count - kept.Length:N0} responses are by models that the identifier does not "
                + "know, and were left out.");
        }

        return collection with
        {
            Responses = [.. kept.Select(i => known.Contains(collection.Responses[i].Model)
                ? collection.Responses[i]
                : collection.Responses[i] with { Model = ResponseCollection.Other })],
            Groups = [.. kept.Select(i => collection.Groups[i])],
        };
    }
}
