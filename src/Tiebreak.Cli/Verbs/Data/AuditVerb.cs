using System.CommandLine;
using System.Text;
using Tiebreak.Cli.Output;
using Tiebreak.Core.Files;
using Tiebreak.Data;
using Tiebreak.Data.Auditing;
using Tiebreak.Text;
using Tiebreak.Tokenization.Formats;

namespace Tiebreak.Cli.Verbs.Data;

internal sealed class AuditVerb : Verb
{
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Battles, in any format that Tiebreak reads; labels are not needed.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _test = new("--test") { Description = "Test files; what they share with the data is a leak.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _tokenizer = new("--tokenizer") { Description = "A model's folder or tokenizer file, to count tokens with; without one they are estimated." };
    private readonly Option<string?> _report = new("--report") { Description = "Also write the audit as one HTML file." };

    public AuditVerb(Surface surface)
        : base("audit", "Find what is wrong or odd in battle files before training on them.", surface)
    {
        Add(_data);
        Add(_test);
        Add(_tokenizer);
        Add(_report);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var tokens = parse.GetValue(_tokenizer) is { } path ? Counter(session, path) : TokenCounter.Estimate;
        var files = new List<AuditedFile>();
        foreach (var data in parse.GetRequiredValue(_data))
            files.Add(await LoadAsync(session, data, isTest: false, cancellationToken));
        foreach (var test in parse.GetValue(_test) ?? [])
            files.Add(await LoadAsync(session, test, isTest: true, cancellationToken));

        var audit = Auditor.Run(files, session.Threads, tokens, cancellationToken);
        foreach (var table in Tables(audit))
            session.Show(table.ToTerminal());
        session.Say($"Tokens are {audit.TokensAre}.");
        if (parse.GetValue(_report) is { } report)
        {
            AtomicFile.Write(report, stream => stream.Write(Encoding.UTF8.GetBytes(AuditPage.Create(audit))));
            session.Say($"Wrote {report}.");
        }

        session.Emit(AuditJson.Create(audit));
        return TiebreakCommand.Ok;
    }

    private static IEnumerable<TextTable> Tables(Audit audit)
    {
        yield return AuditTables.Files(audit);
        yield return AuditTables.Findings(audit);
        yield return AuditTables.Verdicts(audit);
        yield return AuditTables.Effects(audit);
        yield return AuditTables.LengthCurve(audit);
        yield return AuditTables.Lengths(audit);
        yield return AuditTables.Turns(audit);
        yield return AuditTables.Languages(audit);
        yield return AuditTables.Sources(audit);
        if (audit.Models.Count > 0)
            yield return AuditTables.Models(audit);
        if (audit.Pairs.Models.Count > 1)
            yield return AuditTables.Pairs(audit);
    }

    private static TokenCounter Counter(Session session, string path)
    {
        var tokenizer = TokenizerFile.Open(path);
        foreach (var note in tokenizer.Notes)
            session.Warn(note);
        return new TokenCounter($"counted by {Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))} ({tokenizer.Description})", text => tokenizer.Count(text));
    }

    private static async Task<AuditedFile> LoadAsync(Session session, string path, bool isTest, CancellationToken cancellationToken)
    {
        var set = await BattleLoading.LoadAsync(session, [path], BattlePurpose.Explore, cancellationToken);
        return new AuditedFile(Path.GetFileName(path), set.Battles, set.Problems, isTest);
    }
}
