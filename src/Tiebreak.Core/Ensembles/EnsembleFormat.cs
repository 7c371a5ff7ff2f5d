using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;

namespace Tiebreak.Core.Ensembles;

/// <summary>
/// The kinds whose judges consist of other judges, of any kinds: every registry has them. They are made of trained judges, not from a
/// recipe.
/// </summary>
/// <param name="kind">The kind.</param>
/// <param name="assemble">Makes the judge of its members, which it disposes.</param>
internal sealed class EnsembleFormat(string kind, Func<EnsembleFile, MemberJudge[], IJudge> assemble) : IJudgeFormat
{
    /// <summary>A weighted mean of preferences.</summary>
    public const string Blend = "blend";

    /// <summary>A cheap judge that decides clear battles, and another for the rest.</summary>
    public const string Cascade = "cascade";

    /// <summary>A judge that learned from the preferences of others.</summary>
    public const string Stack = "stack";

    /// <summary>All of them, and the kind of the judges that are on top of stacks only.</summary>
    public static IReadOnlyList<IJudgeFormat> All { get; } =
    [
        new EnsembleFormat(Blend, (file, members) => new BlendedJudge(members, file.Blend ?? throw Damaged(Blend))),
        new EnsembleFormat(Cascade, (file, members) => members.Length == 2
            ? new CascadeJudge(members[0], members[1], file.MaxEntropy ?? throw Damaged(Cascade))
            : throw Damaged(Cascade)),
        new EnsembleFormat(Stack, (_, members) => members.Length >= 2
            ? new StackedJudge(members[..^1], members[^1])
            : throw Damaged(Stack)),
        new LinearTopFormat(),
    ];

    /// <inheritdoc/>
    public string Kind => kind;

    /// <inheritdoc/>
    public IJudgeTrainer CreateTrainer(Recipe recipe) => throw new InputException(
        $"Judges of kind \"{kind}\" are made of trained judges, not from a recipe: train the members first.");

    /// <inheritdoc/>
    public Task<IJudge> OpenAsync(BundleOpening opening, CancellationToken cancellationToken = default) =>
        OpenAsync(opening, EnsembleFile.Read(opening.Folder), cancellationToken);

    /// <summary>The format of a kind.</summary>
    internal static EnsembleFormat Of(string kind) =>
        All.OfType<EnsembleFormat>().Single(format => string.Equals(format.Kind, kind, StringComparison.Ordinal));

    /// <summary>Opens the judge that a file describes.</summary>
    internal async Task<IJudge> OpenAsync(BundleOpening opening, EnsembleFile file, CancellationToken cancellationToken)
    {
        var members = await MemberJudge.OpenAllAsync(opening, file.Members, cancellationToken).ConfigureAwait(false);
        try
        {
            return assemble(file, members);
        }
        catch
        {
            foreach (var member in members)
                await member.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static InputException Damaged(string kind) =>
        new($"A bundle of kind \"{kind}\" is damaged: its ensemble.json is of another kind. Copy it again, or make it again.");
}
