using System.Text.Json.Serialization;
using Tiebreak.App.Evaluating;
using Tiebreak.App.Submissions;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Ensembles;
using Tiebreak.Core.Files;
using Tiebreak.Data;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Submissions;
using Tiebreak.Reports.Documents;

namespace Tiebreak.App.Ensembles;

/// <summary>
/// Blends files of preferences, wherever they come from. Rows are matched by id; labelled battles say what the files are worth, and fit
/// weights where none are given.
/// </summary>
public sealed record BlendPredictions
{
    /// <summary>Most files, or judges, of one ensemble.</summary>
    public const int MostMembers = 20;

    /// <summary>The files, two at least.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>One weight per file; empty to fit them to <see cref="Data"/>, or for equal ones without labels.</summary>
    public IReadOnlyList<double> Weights { get; init; } = [];

    /// <summary>True for the weighted mean of logarithms instead of that of probabilities.</summary>
    public bool PoolsLogarithms { get; init; }

    /// <summary>Files of labelled battles; empty for none. The predictions must be of judges that have not learned from them.</summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>Bins of battles with fitted weights of their own: <c>length</c> or <c>turns</c>; null for the same everywhere.</summary>
    public string? WeightsBy { get; init; }

    /// <summary>Whether each file is left out in turn.</summary>
    public bool Ablates { get; init; }

    /// <summary>The file to write; null for none.</summary>
    public string? Out { get; init; }

    /// <summary>How the numbers of the files become probabilities that are none.</summary>
    public SubmissionScale Scale { get; init; }

    /// <summary>How to cut the labelled battles.</summary>
    public SliceChoice Slices { get; init; } = new() { HasAll = false };

    /// <summary>Blends.</summary>
    /// <exception cref="InputException">A file or the weights cannot be used, or the files have no id in common.</exception>
    /// <exception cref="TiebreakException">The result cannot be written.</exception>
    public async Task<BlendDocument> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        BlendInput.ThrowIfImpossible(Files, Weights);
        var bins = BlendInput.BinsOf(WeightsBy, canFit: Weights.Count == 0 && Data.Count > 0);
        if (Out is not null)
            WritableTarget.CheckFile(Out);
        OrderedDictionary<string, Preference>[] files = [.. Files.Select(path => PreferencesById.Read(context, path, Scale))];
        var overlap = FileOverlap.Of(Files, files);
        var set = Data.Count > 0
            ? await BattleFiles.LoadAsync(context, Data, BattlePurpose.Explore, cancellationToken).ConfigureAwait(false)
            : null;

        var pooling = PoolsLogarithms ? Pooling.Log : Pooling.Linear;
        var fit = Weights.Count == 0 && set is not null ? new BlendFit(pooling, bins) : null;
        var names = BlendInput.NamesOf(Files);
        var given = Weights.Count > 0 ? Blend.Of(pooling, Weights) : Blend.Equal(pooling, Files.Count);
        var (blend, members, report) = set is null
            ? (given, BesideEachOther(names, given, overlap.InAll, files), null)
            : OnLabelled(context, names, given, fit, set.Battles, files, cancellationToken);
        if (Out is not null)
        {
            var battles = (set?.Battles ?? []).DistinctBy(battle => battle.Id, IdComparer.Instance)
                .ToDictionary(battle => battle.Id, IdComparer.Instance);
            SubmissionFile.Write(
                Out, overlap.Ids, [.. overlap.Ids.Select(id => Blended(blend, files, id, battles.GetValueOrDefault(id)))]);
        }

        return new BlendDocument(names, overlap, blend, members, report, Out);
    }

    private (Blend Blend, IReadOnlyList<EnsembleMember> Members, EnsembleReport? Report) OnLabelled(
        JobContext context, IReadOnlyList<string> names, Blend given, BlendFit? fit, IReadOnlyList<Battle> battles,
        OrderedDictionary<string, Preference>[] files, CancellationToken cancellationToken)
    {
        var labelled = BlendInput.Labelled(battles, files, isFitted: fit is not null);
        IReadOnlyList<Preference[]> said =
            [.. files.Select(file => labelled.Battles.Select(battle => file[battle.Id]).ToArray())];
        var blend = fit?.Of(said, labelled) ?? given;
        var analysis = new EnsembleAnalysis
        {
            Names = names,
            Members = said,
            Labelled = labelled,
            Fit = fit,
            Blend = blend,
            Ablates = Ablates,
            Slices = Slices,
        };
        return (blend, analysis.DescribeMembers(), analysis.Run(analysis.Blended(context), context, cancellationToken));
    }

    private static EnsembleMember[] BesideEachOther(
        IReadOnlyList<string> names, Blend blend, IReadOnlyList<string> ids, OrderedDictionary<string, Preference>[] files)
    {
        Preference[][] said = [.. files.Select(file => ids.Select(id => file[id]).ToArray())];
        return [.. names.Select((name, k) => new EnsembleMember(
            name, blend.Weights[k], blend.MemberTemperatures[k], MemberAlarms.FindBeside(said, k)))];
    }

    // A row that some files lack is blended from the others.
    private static Preference Blended(Blend blend, OrderedDictionary<string, Preference>[] files, string id, Battle? battle)
    {
        int[] having = [.. Enumerable.Range(0, files.Length).Where(file => files[file].ContainsKey(id))];
        var ofRow = having.Length == files.Length ? blend : blend.Only(having);
        return ofRow.Apply([.. having.Select(file => files[file][id])], battle);
    }
}

/// <summary>Which rows files of preferences have in common.</summary>
/// <param name="Ids">All ids, in the order in which they first appear.</param>
/// <param name="InAll">Those that every file has.</param>
/// <param name="Files">The files.</param>
/// <param name="Missing">For each file the ids that others have and it has not.</param>
internal sealed record FileOverlap(
    IReadOnlyList<string> Ids, IReadOnlyList<string> InAll, IReadOnlyList<string> Files, IReadOnlyList<IReadOnlyList<string>> Missing)
{
    /// <exception cref="InputException">The files have no id in common.</exception>
    public static FileOverlap Of(IReadOnlyList<string> paths, OrderedDictionary<string, Preference>[] files)
    {
        var seen = new HashSet<string>(IdComparer.Instance);
        List<string> ids = [.. files.SelectMany(file => file.Keys).Where(seen.Add)];
        List<string> inAll = ids.FindAll(id => Array.TrueForAll(files, file => file.ContainsKey(id)));
        if (inAll.Count == 0)
        {
            throw new InputException(
                $"The {files.Length} files have no id in common, so there is nothing to blend: {paths[0]} has "
                + $"{Examples.Of([.. files[0].Keys])}; {paths[1]} has {Examples.Of([.. files[1].Keys])}. Give predictions for the same "
                + "battles.");
        }

        return new FileOverlap(
            ids, inAll, paths, [.. files.Select(file => (IReadOnlyList<string>)ids.FindAll(id => !file.ContainsKey(id)))]);
    }

    public IEnumerable<string> Sentences()
    {
        yield return $"{Quantity.Of(InAll.Count, "row is", "rows are")} in {(Files.Count == 2 ? "both" : $"all {Files.Count}")} files"
            + (InAll.Count == Ids.Count
                ? "."
                : Invariant($", of {Ids.Count:N0} in any; the others are blended from the files that have them."));
        for (var k = 0; k < Files.Count; k++)
        {
            if (Missing[k].Count > 0)
                yield return Invariant($"{Files[k]} lacks {Missing[k].Count:N0} of them: {Examples.Of(Missing[k])}.");
        }
    }
}

/// <summary>What became of a blend.</summary>
public sealed class BlendDocument : IDocument
{
    private readonly IReadOnlyList<string> _names;
    private readonly FileOverlap _overlap;
    private readonly Blend _blend;

    internal BlendDocument(
        IReadOnlyList<string> names, FileOverlap overlap, Blend blend, IReadOnlyList<EnsembleMember> members, EnsembleReport? report,
        string? path) => (_names, _overlap, _blend, Members, Report, Out) = (names, overlap, blend, members, report, path);

    /// <inheritdoc/>
    [JsonIgnore]
    public string Title => $"Blend of {Quantity.Of(Members.Count, "file")}";

    /// <summary>Rows of the blend: every id of any file.</summary>
    public int Rows => _overlap.Ids.Count;

    /// <summary>Rows that every file has.</summary>
    public int RowsInAll => _overlap.InAll.Count;

    /// <summary>How preferences are pooled: <c>linear</c> or <c>log</c>.</summary>
    public string Pooling => _blend.Pooling == Core.Ensembles.Pooling.Log ? "log" : "linear";

    /// <summary>The temperature after pooling.</summary>
    public double Temperature => _blend.Temperature;

    /// <summary>The files.</summary>
    public IReadOnlyList<EnsembleMember> Members { get; }

    /// <summary>What they bring on labelled battles; null without any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EnsembleReport? Report { get; }

    /// <summary>The file that was written; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Out { get; }

    /// <inheritdoc/>
    public IEnumerable<Section> Sections()
    {
        yield return new Paragraph(string.Join(' ', _overlap.Sentences()));
        foreach (var section in EnsembleMember.Sections(Members))
            yield return section;
        yield return new Paragraph(BlendInput.Describe(_blend));
        foreach (var section in Report?.Sections(_names) ?? [])
            yield return section;
        if (Out is not null)
            yield return new Paragraph($"Wrote {Out}: {Quantity.Of(Rows, "row")}.");
    }
}
