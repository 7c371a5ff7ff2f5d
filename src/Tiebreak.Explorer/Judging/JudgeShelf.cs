using Tiebreak.App;
using Tiebreak.App.Comparing;
using Tiebreak.App.Predicting;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Files;
using Tiebreak.Core.Judging;

namespace Tiebreak.Explorer.Judging;

/// <summary>The judges that were given to the explorer, open as long as it runs.</summary>
internal sealed class JudgeShelf : IAsyncDisposable
{
    private readonly JobContext _context;
    private readonly OrderedDictionary<string, (string Folder, Bundle Bundle)> _judges = new(StringComparer.Ordinal);

    private JudgeShelf(JobContext context) => _context = context;

    /// <summary>The names of the judges: the last parts of their folders.</summary>
    public IReadOnlyList<string> Names => [.. _judges.Keys];

    /// <summary>Opens judges.</summary>
    /// <exception cref="InputException">A folder is no bundle.</exception>
    public static async Task<JudgeShelf> OpenAsync(JobContext context, NamedPaths folders, CancellationToken cancellationToken)
    {
        var shelf = new JudgeShelf(context with { Progress = null });
        try
        {
            foreach (var name in folders.Names)
                shelf._judges[name] = (folders[name], await context.OpenAsync(folders[name], cancellationToken).ConfigureAwait(false));

            return shelf;
        }
        catch
        {
            await shelf.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The folder of a judge.</summary>
    /// <exception cref="InputException">There is no such judge.</exception>
    public string FolderOf(string name) => Named(name).Folder;

    /// <summary>The judge of a name, with its calibration and its rule for orders.</summary>
    /// <exception cref="InputException">There is no such judge.</exception>
    public IJudge JudgeOf(string name) => Named(name).Bundle.Judge;

    /// <summary>Equal for the same bundle: its manifest holds the hashes of all its files.</summary>
    /// <exception cref="InputException">There is no such judge.</exception>
    public string KeyOf(string name) => FileSha256.Of(Path.Combine(Named(name).Folder, Bundle.ManifestName));

    /// <summary>What a judge says about a battle in both orders, and why.</summary>
    /// <exception cref="InputException">There is no such judge.</exception>
    public Task<ComparisonDocument> AskAsync(string name, Battle battle, CancellationToken cancellationToken) =>
        CompareBattle.AskAsync(_context, Named(name).Bundle, battle, cancellationToken);

    /// <summary>Whether a judge reads only so many tokens of a battle.</summary>
    /// <exception cref="InputException">There is no such judge.</exception>
    public bool HasBudget(string name) => Named(name).Bundle.OneOrder.Traits.TokenBudget is not null;

    /// <summary>What the token budget of a judge leaves of battles; null where it has none.</summary>
    /// <exception cref="InputException">There is no such judge.</exception>
    public async Task<Truncation?> TruncationAsync(string name, IReadOnlyList<Battle> battles, CancellationToken cancellationToken)
    {
        var (_, truncation) = await Truncation.WithAsync(
            Named(name).Bundle.OneOrder, battles, isTimed: false, () => Task.FromResult(0), cancellationToken).ConfigureAwait(false);
        return truncation;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (_, bundle) in _judges.Values)
            await bundle.DisposeAsync().ConfigureAwait(false);
    }

    private (string Folder, Bundle Bundle) Named(string name) => _judges.TryGetValue(name, out var judge)
        ? judge
        : throw new InputException(_judges.Count == 0
            ? "The explorer was started without a judge; give `judge` BUNDLE."
            : $"There is no judge \"{name}\"; there are {string.Join(", ", Names)}.");
}
