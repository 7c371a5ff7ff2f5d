using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Transformers.Judges.Bundling;

namespace Tiebreak.Transformers.Judges;

/// <summary>
/// The judge kind "transformer". Its bundle holds <c>transformer.json</c>, the tokenizer's files and, in PEFT's layout, the adapter; the
/// base model stays where it is, and the bundle knows it by its sizes and hashes.
/// </summary>
/// <param name="threads">Threads of the CPU that opened judges use; it holds for the whole process.</param>
/// <param name="device">Where they compute: <c>cpu</c> or <c>cuda:0</c>.</param>
public sealed class TransformerJudgeFormat(int threads, string device = "cpu") : IJudgeFormat
{
    /// <inheritdoc/>
    public string Kind => "transformer";

    /// <inheritdoc/>
    public IJudgeTrainer CreateTrainer(Recipe recipe) => new TransformerJudgeTrainer(JudgeRecipe.Read(recipe), device);

    /// <inheritdoc/>
    public async Task<IJudge> OpenAsync(string folder, BundleManifest manifest, CancellationToken cancellationToken = default)
    {
        var bundled = BundledTransformer.Read(folder);
        var read = JudgeRecipe.Read(new Recipe(Kind, manifest.Recipe), bundled.Base.Locate(folder));
        var recipe = read with { Options = read.Options with { Adapter = bundled.HasAdapter ? folder : null } };
        var tokenizer = bundled.TokenizerFile is { } file ? Path.Combine(folder, Path.GetFileName(file)) : folder;
        return new TransformerJudge(
            await OpenedModel.LoadAsync(recipe, tokenizer, device, threads, bundled.Reading, cancellationToken), recipe);
    }
}
