using Tiebreak.Core;
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
        return new AuditDocument(Auditor.Run(files, context.Threads, Tokens, cancellationToken), agreement);
    }
}
