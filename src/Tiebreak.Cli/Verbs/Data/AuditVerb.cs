using System.CommandLine;
using System.Text;
using Tiebreak.Cli.Output;
using Tiebreak.Core.Files;
using Tiebreak.Data;
using Tiebreak.Data.Auditing;

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
    private readonly Option<string?> _report = new("--report") { Description = "Also write the audit as one HTML file." };

    public AuditVerb(Surface surface)
        : base("audit", "Find what is wrong or odd in battle files before training on them.", surface)
    {
        Add(_data);
        Add(_test);
        Add(_report);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var files = new List<AuditedFile>();
        foreach (var path in parse.GetRequiredValue(_data))
            files.Add(await LoadAsync(session, path, isTest: false, cancellationToken));
        foreach (var path in parse.GetValue(_test) ?? [])
            files.Add(await LoadAsync(session, path, isTest: true, cancellationToken));

        var audit = Auditor.Run(files, session.Threads, cancellationToken);
        foreach (var table in Tables(audit))
            session.Show(table.ToTerminal());
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
        yield return AuditTables.Lengths(audit);
        yield return AuditTables.Turns(audit);
        yield return AuditTables.Languages(audit);
        yield return AuditTables.Sources(audit);
        if (audit.Models.Count > 0)
            yield return AuditTables.Models(audit);
    }

    private static async Task<AuditedFile> LoadAsync(Session session, string path, bool isTest, CancellationToken cancellationToken)
    {
        var set = await BattleLoading.LoadAsync(session, [path], BattlePurpose.Explore, cancellationToken);
        return new AuditedFile(Path.GetFileName(path), set.Battles, set.Problems, isTest);
    }
}
