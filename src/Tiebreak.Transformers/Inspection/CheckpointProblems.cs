using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Core.Licences;
using Tiebreak.Torch.Checkpoints;
using Tiebreak.Transformers.Adapters;
using Tiebreak.Transformers.Weights;

namespace Tiebreak.Transformers.Inspection;

/// <summary>
/// What is wrong with a checkpoint that opens. Whether it can be computed is asked of the loader itself, so that what is shown here and
/// what happens to a model that is used are the same.
/// </summary>
/// <param name="Sentences">The problems, one sentence each.</param>
/// <param name="Head">The head that would be computed, in words; null where nothing can be.</param>
/// <param name="Notes">What is no problem and yet worth knowing, one sentence each.</param>
internal sealed record CheckpointProblems(IReadOnlyList<string> Sentences, string? Head, IReadOnlyList<string> Notes)
{
    /// <summary>Looks for problems; every value is read.</summary>
    /// <param name="path">What was given: a folder, or one file of weights.</param>
    /// <param name="description">What it holds.</param>
    /// <param name="cancellationToken">Stops between tensors.</param>
    public static CheckpointProblems Find(string path, CheckpointDescription description, CancellationToken cancellationToken)
    {
        var loading = OfLoading(path, description);
        return loading with
        {
            Sentences = [.. loading.Sentences, .. OfValues(description.Checkpoint, cancellationToken)],
            Notes = [.. loading.Notes, .. LicenceTerms.Sentences([ModelLicence.StatementOf("model", description.Folder)])],
        };
    }

    private static CheckpointProblems OfLoading(string path, CheckpointDescription description)
    {
        if (description.Config is null && description.Adapter is null)
            return new CheckpointProblems(["There is no config.json beside the weights; download it from where they are from."], null, []);
        if (!Directory.Exists(path))
            return new CheckpointProblems([], null, []);

        try
        {
            if (description.Config is null)
                return new CheckpointProblems([], null, AdapterConfig.Read(path).Notes);
            using var files = ModelFiles.Open(path, adapter: null, needsHead: false);
            return new CheckpointProblems([], files.HeadDescription, files.Notes);
        }
        catch (InputException exception)
        {
            return new CheckpointProblems([Printable.Of(exception.Message)], null, []);
        }
    }

    private static IEnumerable<string> OfValues(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        foreach (var entry in checkpoint.Entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (checkpoint.CountNonFinite(entry.Name) is > 0 and var count)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Printable.Of(entry.Name)} in {entry.Path} holds {count:N0} values that are NaN or infinite.");
            }
        }
    }
}
