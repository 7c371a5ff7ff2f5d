using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Curation;
using Tiebreak.Core;
using Tiebreak.Data.Deduplication;

namespace Tiebreak.Cli.Verbs.Data;

internal sealed class DedupVerb : Verb
{
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Battles to deduplicate.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string> _out = new("--out")
    {
        Description = "The file to write: .jsonl, .jsonl.gz, .parquet or .csv.",
        Required = true,
    };
    private readonly Option<string[]> _against = new("--against")
    {
        Description = "Instead: remove what stands in these files too, for instance a test file.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _match = new("--match")
    {
        Description = "exact; normalised: case, signs and blanks do not matter; near: similar texts; meaning: texts that mean the same. "
            + "Default: normalised, and meaning with --embedder.",
    };

    private readonly Option<DuplicateScope> _scope = new("--scope")
    {
        Description = "What is compared: the whole battle or its prompts.",
        DefaultValueFactory = _ => DuplicateScope.Battle,
    };
    private readonly Option<DuplicateKeep> _keep = new("--keep")
    {
        Description = "Which one stays: the first, or the first labelled.",
        DefaultValueFactory = _ => DuplicateKeep.First,
    };
    private readonly Option<double> _threshold = new("--threshold")
    {
        Description = "Least similarity of near-duplicates, above 0 and up to 1.",
        DefaultValueFactory = _ => 0.8,
    };

    private readonly EmbedderOption _embedder = new($"compares by --match meaning. Default: {EmbedderOption.Usual}.");
    private readonly CosineOption _cosine = new();

    public DedupVerb(Surface surface)
        : base("dedup", "Remove repeated battles, or what leaks into another file.", surface)
    {
        _ = _match.AcceptOnlyFromAmong(
            [.. Enum.GetNames<DuplicateMatch>().Select(name => name.ToLowerInvariant()), EmbedderOption.Meaning]);
        Add(_data);
        Add(_out);
        Add(_against);
        Add(_match);
        Add(_scope);
        Add(_keep);
        Add(_threshold);
        Add(_embedder);
        Add(_cosine);
        AddInputOptions();
        Examples =
        [
            "data dedup --data train.csv --match near --out kept.jsonl.gz",
            "data dedup --data train.csv --match meaning --scope prompt --against test.csv --out safe.jsonl.gz",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var threshold = parse.GetValue(_threshold);
        if (!(threshold is > 0 and <= 1))
            throw new InputException("--threshold must be above 0 and at most 1.");
        var match = parse.GetValue(_match);
        if (match is not (null or EmbedderOption.Meaning) && parse.GetValue(_embedder) is not null)
            throw new InputException($"--embedder compares by meaning, which --match {match} does not.");

        await using var embedder = await EmbedderOption.OpenAsync(
            parse.GetValue(_embedder) ?? (match is EmbedderOption.Meaning ? EmbedderOption.Usual : null), session, cancellationToken);
        var deduplication = new DeduplicateBattles
        {
            Data = parse.GetRequiredValue(_data),
            Out = parse.GetRequiredValue(_out),
            Against = parse.GetValue(_against) ?? [],
            Embedder = embedder,
            LeastCosine = parse.GetValue(_cosine),
            Options = new DeduplicationOptions
            {
                Match = match is null or EmbedderOption.Meaning
                    ? DuplicateMatch.Normalised
                    : Enum.Parse<DuplicateMatch>(match, ignoreCase: true),
                Scope = parse.GetValue(_scope),
                Keep = parse.GetValue(_keep),
                Threshold = threshold,
            },
        };
        session.Report(
            await session.RunAsync(context => deduplication.RunAsync(context, cancellationToken)),
            () => AppJson.Default.DeduplicationDocument);
        session.Say("`--json` lists them.");
        return TiebreakCommand.Ok;
    }
}
