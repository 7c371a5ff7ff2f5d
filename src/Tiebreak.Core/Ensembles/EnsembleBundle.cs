using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Calibration;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Files;
using Tiebreak.Core.Judging;
using Tiebreak.Core.Licences;

namespace Tiebreak.Core.Ensembles;

/// <summary>Writes a bundle that consists of other bundles.</summary>
internal sealed record EnsembleBundle
{
    /// <summary>One of the kinds of <see cref="EnsembleFormat"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The folder to write.</summary>
    public required string Out { get; init; }

    /// <summary>The bundles of the members; those that stay where they are keep their path, relative to <see cref="Out"/>.</summary>
    public required IReadOnlyList<string> Members { get; init; }

    /// <summary>What people call the members.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>True to name the members by path and hash, false to copy them into the bundle.</summary>
    public bool Links { get; init; }

    /// <summary>How the preferences of the members become one; null for kinds that do not blend.</summary>
    public Blend? Blend { get; init; }

    /// <summary>Up to which entropy the first member decides; null for kinds that are no cascades.</summary>
    public double? MaxEntropy { get; init; }

    /// <summary>What is done to the judge's preferences.</summary>
    public IReadOnlyList<ICalibration> Calibration { get; init; } = [];

    /// <summary>The facts for <c>judge.json</c> that say how the members were put together.</summary>
    public required JsonObject Recipe { get; init; }

    /// <summary>The battles that this was fitted to; check rows are chosen from them.</summary>
    public required LabelledBattles Fitted { get; init; }

    /// <summary>What the ensemble, cross-fitted, says about <see cref="Fitted"/>; its metrics go into <c>judge.json</c>.</summary>
    public required IReadOnlyList<Preference> Preferences { get; init; }

    /// <summary>Where the battles come from.</summary>
    public required IReadOnlyList<DataFingerprint> Data { get; init; }

    /// <summary>What else was found out.</summary>
    public JsonObject? Report { get; init; }

    /// <summary>Seed of the metrics' intervals.</summary>
    public ulong Seed { get; init; }

    /// <summary>Writes the bundle.</summary>
    /// <param name="registry">The kinds of the members.</param>
    /// <param name="placement">Where the check rows are judged.</param>
    /// <param name="cancellationToken">Stops; a bundle that was there stays as it was.</param>
    /// <exception cref="InputException">A member cannot be opened.</exception>
    /// <exception cref="TiebreakException">The bundle cannot be written.</exception>
    public async Task<BundleManifest> WriteAsync(
        JudgeRegistry registry, Placement placement, CancellationToken cancellationToken = default)
    {
        BundleManifest[] members = [.. Members.Select(folder => Bundle.Layout.Open(folder, Verification.None))];
        var file = new EnsembleFile { Members = References(IsLinked), Blend = Blend, MaxEntropy = MaxEntropy };
        var manifest = ManifestOf(members, placement.Threads);
        var opening = new BundleOpening
        {
            Folder = Path.GetFullPath(Out),
            Manifest = manifest,
            Placement = placement,
            Registry = registry,
            LoggerFactory = NullLoggerFactory.Instance,
        };

        // As they lie now: they are copied while the bundle is written.
        var now = file with { Members = References(isLinked: _ => true) };
        var oneOrder = await EnsembleFormat.Of(Kind).OpenAsync(opening, now, cancellationToken).ConfigureAwait(false);
        await using var closing = oneOrder.ConfigureAwait(false);
        var judge = Bundle.Assemble(oneOrder, manifest.Swap, manifest.CalibrationSteps);
        var checkRows = ChooseCheckRows(members);
        var seen = SeenBattles.Union([SeenBattles.Of(Fitted.Battles, placement.Threads), .. Members.Select(SeenBy)]);
        return await Bundle.Layout.WriteAsync(
            Out,
            manifest,
            async temporary =>
            {
                file.Write(temporary, Members);
                await CheckRows.WriteAsync(temporary, judge, checkRows, cancellationToken).ConfigureAwait(false);
                seen.Write(temporary);
            },
            cancellationToken).ConfigureAwait(false);
    }

    // The judge on top of a stack is of no use to anybody else.
    private bool IsLinked(int member) =>
        Links && !(string.Equals(Kind, EnsembleFormat.Stack, StringComparison.Ordinal) && member == Members.Count - 1);

    private MemberReference[] References(Func<int, bool> isLinked) =>
    [
        .. Members.Select((folder, k) => isLinked(k)
            ? new MemberReference
            {
                Name = Names[k],
                Path = Path.GetRelativePath(Path.GetFullPath(Out), Path.GetFullPath(folder)),
                Sha256 = FileSha256.Of(Path.Combine(folder, Bundle.ManifestName)),
            }
            : new MemberReference { Name = Names[k], Folder = MemberReference.FolderOf(k) }),
    ];

    private BundleManifest ManifestOf(BundleManifest[] members, int threads)
    {
        var prior = PriorJudge.SharesOf(Fitted.Targets.Zip(Fitted.Weights));
        var result = Evaluator.Evaluate(Preferences, Fitted, Seed, threads);
        List<LicenceStatement> licences = [.. members.SelectMany(member => member.Licences ?? []).Distinct()];
        return new BundleManifest
        {
            Kind = Kind,
            Labels = ["A", "B", "tie"],
            Recipe = Recipe,
            Swap = Array.Exists(members, member => member.Swap == SwapPolicy.Always) ? SwapPolicy.Always : SwapPolicy.Never,
            Temperature = Calibration.OfType<Temperature>().FirstOrDefault(Temperature.One).Value,
            Calibration = Calibration,
            Priors = [prior.A, prior.B, prior.Tie],
            Seed = Seed,
            Folds = members[0].Folds,
            Mapping = members[0].Mapping,
            Data = Data,
            Validation = EvaluationJson.ToJson(result, Baseline.Compare(Preferences, Fitted, Seed, threads)),
            Training = Report,
            Licences = licences.Count > 0 ? licences : null,
            Versions = FolderManifest.VersionsWith(members.SelectMany(member => member.Versions)
                .DistinctBy(version => version.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal)),
            CheckTolerance = members.Max(member => member.CheckTolerance),
        };
    }

    // As many and as long ones as the most modest member has: it knows what it can judge in a short time.
    private Battle[] ChooseCheckRows(BundleManifest[] members)
    {
        var fewest = Members.Zip(members).Select(member => CheckRows.Read(member.First, member.Second)).MinBy(rows => rows.Count)!;
        return CheckRows.Choose(Fitted.Battles, fewest.Count, fewest.Select(CheckRows.Length).DefaultIfEmpty().Max());
    }

    private static SeenBattles SeenBy(string folder) =>
        File.Exists(Path.Combine(folder, SeenBattles.FileName)) ? SeenBattles.Read(folder) : SeenBattles.Of([], threads: 1);
}
