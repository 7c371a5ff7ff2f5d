using System.Numerics.Tensors;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Data.Meanings;

namespace Tiebreak.Data.Splitting;

/// <summary>
/// Groups of battles whose opening prompts are the same (<see cref="PromptGroup"/>) or mean about the same. Likeness is passed on: a prompt
/// that is like one of a group belongs to it, so that no two prompts of different groups are alike. Prompts that the embedder does not read
/// (<see cref="ReadableTexts"/>) are only joined with the same ones.
/// </summary>
internal sealed class MeaningGroups
{
    private readonly Lock _lock = new();
    private readonly int[] _parents;

    private MeaningGroups(int prompts) => _parents = [.. Enumerable.Range(0, prompts)];

    /// <summary>Numbers the groups 0, 1, 2... in order of first appearance; see <see cref="BattleSplitter.GroupByMeaningAsync"/>.</summary>
    public static async Task<int[]> OfAsync(
        IReadOnlyList<Battle> battles, ITextEmbedder embedder, double leastCosine, int threads, CancellationToken cancellationToken)
    {
        var prompts = PromptGroup.Number(battles);
        var texts = battles.Zip(prompts).DistinctBy(pair => pair.Second)
            .Select(pair => (Prompt: pair.Second, Text: pair.First.Turns is [{ Prompt: { } text }, ..] ? text : ""))
            .Where(prompt => !string.IsNullOrWhiteSpace(prompt.Text) && embedder.Reads(prompt.Text)).ToList();
        var vectors = await embedder.EmbedAsync([.. texts.Select(prompt => prompt.Text)], cancellationToken).ConfigureAwait(false);

        var groups = new MeaningGroups(prompts.Length);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, vectors.Length, parallel, i =>
        {
            for (var j = 0; j < i; j++)
            {
                if (TensorPrimitives.Dot<float>(vectors[i], vectors[j]) >= leastCosine)
                    groups.Join(texts[i].Prompt, texts[j].Prompt);
            }
        });
        return PromptGroup.Renumber(prompts.Select(groups.RootOf));
    }

    // Which groups result does not depend on the order in which they are joined.
    private void Join(int one, int other)
    {
        lock (_lock)
            _parents[RootOf(one)] = RootOf(other);
    }

    private int RootOf(int prompt)
    {
        while (_parents[prompt] != prompt)
            prompt = _parents[prompt] = _parents[_parents[prompt]];
        return prompt;
    }
}
