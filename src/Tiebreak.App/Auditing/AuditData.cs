using Tiebreak.Core;
using Tiebreak.Core.Embeddings;
using Tiebreak.Data;
using Tiebreak.Data.Agreement;
using Tiebreak.Data.Auditing;
using Tiebreak.Text;

namespace Tiebreak.App.Auditing;

/// <summary>Finds what is wrong or odd in battle files before anybody trains on them.</summary>
public sealed record AuditData
{
    /// <summary>Files of battles; labels are not needed.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>Test files; what they share with the data is a leak.</summary>
    public IReadOnlyList<string> Test { get; init; } = [];

    /// <summary>Counts tokens. Default: the estimate, which needs no tokenizer.</summary>
    public TokenCounter Tokens { get; init; } = TokenCounter.Estimate;

    /// <summary>Finds prompts that mean the same, beside those that are written alike; null: nobody asks for meanings.</summary>
    public ITextEmbedder? Embedder { get; init; }

    /// <summary>With <see cref="Embedder"/>: the least cosine of prompts that are alike, above 0 and up to 1.</summary>
    public double LeastCosine { get; init; } = 0.95;

    /// <summary>True to measure also how far the people agree who voted on the same battles.</summary>
    public bool HasAgreement { get; init; }

    /// <summary>Audits.</summary>
    /// <exception cref="InputException">A file cannot be read, or there is no battle.</exception>
    public async Task<AuditDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var files = new List<AuditedFile>();
        foreach (var (path, isTest) in Data.Select(path => (path, false)).Concat(Test.Select(path => (path, true))))
        {
            var set = await BattleFiles.LoadAsync(context, [path], BattlePurpose.Explore, cancellationToken).ConfigureAwait(false);
            files.Add(new AuditedFile(Path.GetFileName(path), set.Battles, set.Problems, isTest));
        }

        var agreement = HasAgreement
            ? AnnotatorAgreement.Of([.. files.SelectMany(file => file.Battles)], context.Seed, context.Threads)
            : null;
        return new AuditDocument(await AuditAsync(context, files, cancellationToken).ConfigureAwait(false), agreement);
    }

    private async Task<Audit> AuditAsync(JobContext context, IReadOnlyList<AuditedFile> files, CancellationToken cancellationToken)
    {
        if (Embedder is null)
            return Auditor.Run(files, context.Threads, Tokens, cancellationToken);
        var (audit, byWords) = await Auditor.RunAsync(files, Embedder, LeastCosine, context.Threads, Tokens, cancellationToken)
            .ConfigureAwait(false);
        UnreadTexts.Note(context, Embedder, byWords, "battle", "compared by the words of its prompts (near)", orCut: true);
        return audit;
    }
}
