using System.CommandLine;
using System.Globalization;
using Tiebreak.Cli.Output;
using Tiebreak.Core;
using Tiebreak.Data.PublicSets;
using Tiebreak.Hubs;
using Tiebreak.Reports.Documents;

namespace Tiebreak.Cli.Verbs.Data;

internal sealed class FetchVerb : Verb
{
    private readonly Argument<string?> _name = new("name")
    {
        Description = "The set to fetch, such as arena-55k.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<bool> _list = new("--list") { Description = "Show the sets that can be fetched, with rows and licences." };
    private readonly Option<string> _out = new("--out")
    {
        Description = "The folder to put the files into. Default: one named like the set.",
    };
    private readonly Option<string> _revision = new("--revision")
    {
        Description = "A branch, tag or commit of the set's repository.",
        DefaultValueFactory = _ => "main",
    };

    public FetchVerb(Surface surface)
        : base("fetch", "Fetch a public set by name: resumed where it broke off, verified, HF_TOKEN for gated ones.", surface)
    {
        Add(_name);
        Add(_list);
        Add(_out);
        Add(_revision);
        Examples = ["data fetch --list", "data fetch arena-55k --out arena"];
        Validators.Add(result =>
        {
            if (!result.GetValue(_list) && result.GetValue(_name) is null)
                result.AddError("Name a set, or give --list to see all.");
        });
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        if (parse.GetValue(_list))
        {
            List(session);
            return TiebreakCommand.Ok;
        }

        var set = PublicSetList.Find(parse.GetValue(_name)!);
        var folder = parse.GetValue(_out) ?? set.Name;
        using var hub = Fetching.Connect(session);
        var (commit, files) = await FilesAsync(hub, set, parse.GetRequiredValue(_revision), cancellationToken);
        var note = new SourceNote(set.Repository, set.Licence, commit);
        var fetched = await Fetching.FetchAsync(session, hub, files, folder, path => note.WriteBeside(path), cancellationToken);

        session.Say($"{set.Name}: {Fetching.Describe(fetched, folder)}");
        session.Say($"Licence: {set.Licence}. Source: {set.Repository}{(commit is null ? "" : $" at {commit}")}.");
        session.Emit(new FetchedSet(set.Name, set.Repository, commit, set.Licence, fetched), () => CommandJson.Default.FetchedSet);
        return TiebreakCommand.Ok;
    }

    private static async Task<(string? Commit, IReadOnlyList<HubFile> Files)> FilesAsync(
        HubClient hub, PublicSet set, string revision, CancellationToken cancellationToken)
    {
        if (set.File is { } file)
        {
            var page = new Uri($"https://github.com/{set.Repository}");
            return (null, [new HubFile(file.Name, file.Address, file.Bytes, FileHash.Sha256(file.Sha256), page)]);
        }

        var listing = await hub.ListAsync(HubRepository.DataSet(set.Repository), revision, cancellationToken);
        var files = listing.Files.Where(listed => set.Holds(listed.Path)).ToList();
        return files.Count > 0
            ? (listing.Commit, files)
            : throw new InputException(
                $"{set.Repository} at revision {revision} has no file that ends in {set.Suffix}. Try another --revision.");
    }

    private static void List(Session session)
    {
        session.Show(new TextTable("Public sets", ["Name", "Rows", "Gated", "Licence"], [.. PublicSetList.All.Select(set => new[]
        {
            set.Name, set.Rows.ToString("N0", CultureInfo.InvariantCulture), set.IsGated ? "yes" : "no", set.Licence,
        })]));
        var offered = PublicSetList.All.Select(set => new OfferedSet(set.Name, set.Rows, set.IsGated, set.Repository, set.Licence));
        session.Emit(new OfferedSets(offered), () => CommandJson.Default.OfferedSets);
    }
}

/// <summary>A public set that was fetched.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Repository">Where it comes from.</param>
/// <param name="Commit">At which commit; null where the repository has none.</param>
/// <param name="Licence">Its licence.</param>
/// <param name="Files">Its files.</param>
internal sealed record FetchedSet(string Name, string Repository, string? Commit, string Licence, IReadOnlyList<FetchedFile> Files);

/// <summary>The public sets that can be fetched.</summary>
internal sealed record OfferedSets(IEnumerable<OfferedSet> Sets);

/// <summary>A public set that can be fetched.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rows">Rows that its publisher states.</param>
/// <param name="Gated">Whether its terms must be accepted first.</param>
/// <param name="Repository">Where it comes from.</param>
/// <param name="Licence">Its licence.</param>
internal sealed record OfferedSet(string Name, int Rows, bool Gated, string Repository, string Licence);
