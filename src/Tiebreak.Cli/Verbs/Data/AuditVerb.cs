using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Auditing;
using Tiebreak.Text;
using Tiebreak.Tokenization.Formats;
using Tiebreak.Transformers.Import;

namespace Tiebreak.Cli.Verbs.Data;

internal sealed class AuditVerb : Verb
{
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Battles, in any format that Tiebreak reads; labels are not needed.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _test = new("--test")
    {
        Description = "Test files; what they share with the data is a leak.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _tokenizer = new("--tokenizer")
    {
        Description = "A model's folder or tokenizer file, to count tokens with; without one they are estimated.",
    };
    private readonly Option<string?> _match = new("--match")
    {
        Description = "meaning: also find prompts that mean the same in other words, among them test prompts that leak.",
    };
    private readonly EmbedderOption _embedder = new($"compares by --match meaning. Default: {EmbedderOption.Usual}.");
    private readonly CosineOption _cosine = new();
    private readonly Option<bool> _agreement = new("--agreement")
    {
        Description = "Also measure how far the people agree who voted on the same battles, and each annotator beside the others.",
    };
    private readonly Option<string?> _report = new("--report") { Description = "Also write the audit as one HTML file." };

    public AuditVerb(Surface surface)
        : base("audit", "Find what is wrong or odd in battle files before training on them.", surface)
    {
        _ = _match.AcceptOnlyFromAmong(EmbedderOption.Meaning);
        Add(_data);
        Add(_test);
        Add(_tokenizer);
        Add(_match);
        Add(_embedder);
        Add(_cosine);
        Add(_agreement);
        Add(_report);
        AddInputOptions();
        Examples =
        [
            "data audit --data train.csv --test test.csv --report audit.html",
            "data audit --data train.csv --test test.csv --match meaning",
            "data audit --data votes.jsonl --agreement",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        await using var embedder = await EmbedderOption.OpenAsync(
            parse.GetValue(_embedder) ?? (parse.GetValue(_match) is null ? null : EmbedderOption.Usual), session, cancellationToken);
        var audit = new AuditData
        {
            Data = parse.GetRequiredValue(_data),
            Test = parse.GetValue(_test) ?? [],
            Embedder = embedder,
            LeastCosine = parse.GetValue(_cosine),
            HasAgreement = parse.GetValue(_agreement),
            Tokens = parse.GetValue(_tokenizer) is { } path ? Counter(session, ModelFolder.Of(path)) : TokenCounter.Estimate,
        };
        session.Report(
            await session.RunAsync(context => audit.RunAsync(context, cancellationToken)),
            () => AppJson.Default.AuditDocument, parse.GetValue(_report));
        return TiebreakCommand.Ok;
    }

    private static TokenCounter Counter(Session session, string path)
    {
        var tokenizer = TokenizerFile.Open(path);
        foreach (var note in tokenizer.Notes)
            session.Warn(note);
        return new TokenCounter(
            $"counted by {Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))} ({tokenizer.Description})",
            text => tokenizer.Count(text));
    }
}
