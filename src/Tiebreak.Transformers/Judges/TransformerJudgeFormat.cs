using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Transformers.Judges.Bundling;
using Tiebreak.Transformers.Tuning;

namespace Tiebreak.Transformers.Judges;

/// <summary>
/// The judge kind "transformer". Its bundle holds <c>transformer.json</c>, the tokenizer's files and, in PEFT's layout, the adapter; the
/// base model stays where it is, and the bundle knows it by its sizes and hashes. A model whose own weights were tuned is in the bundle.
/// </summary>
public sealed class TransformerJudgeFormat : IJudgeFormat
{
    /// <inheritdoc/>
    public string Kind => "transformer";

    /// <inheritdoc/>
    public IJudgeTrainer CreateTrainer(Recipe recipe)
    {
        var read = JudgeRecipe.Read(recipe);
        return read.Tuning is null ? new TransformerJudgeTrainer(read) : new TunedJudgeTrainer(read);
    }

    /// <inheritdoc/>
    public async Task<IJudge> OpenAsync(BundleOpening opening, CancellationToken cancellationToken = default)
    {
        var (folder, placement) = (opening.Folder, opening.Placement);
        var bundled = BundledTransformer.Read(folder);
        var read = JudgeRecipe.Read(new Recipe(Kind, opening.Manifest.Recipe), bundled.Base.Locate(folder));
        var recipe = read with { Options = read.Options with { Adapter = bundled.HasAdapter ? folder : null } };
        var residence = ModelResidence.Of(recipe, placement);
        if (!residence.IsLayerMajor)
            bundled.Base.ThrowIfLarger(placement.MemoryBytes);
        var tokenizer = bundled.TokenizerFile is { } file ? Path.Combine(folder, Path.GetFileName(file)) : folder;
        var chat = bundled.Chat?.Open();
        var model = await OpenedModel.LoadAsync(
            recipe, tokenizer, chat, placement, bundled.Reading, progress: null, residence, cancellationToken)
            .ConfigureAwait(false);
        return new TransformerJudge(model, recipe, placement.Threads);
    }
}
