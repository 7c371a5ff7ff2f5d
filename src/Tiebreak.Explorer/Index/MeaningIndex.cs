using System.Numerics.Tensors;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Data.Meanings;
using Tiebreak.Data.Topics;

namespace Tiebreak.Explorer.Index;

/// <summary>
/// What the opening prompts of battles mean, as vectors in memory: each different prompt once, so many as fit into a bound. It is made in
/// the background when all battles have been read, and asked meanwhile for what is there.
/// </summary>
internal sealed class MeaningIndex : IAsyncDisposable
{
    private const long MostBytes = 128 << 20;
    private const int MostCharacters = 2_000; // of a prompt; the models read a few hundred tokens
    private const int PromptsTogether = 128;
    private const int MostOfPrompt = 3;

    private readonly BattleIndex _index;
    private readonly ITextEmbedder _embedder;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _work;
    private volatile Vectors _vectors = new([], [], IsComplete: false, IsSample: false);

    /// <param name="index">The battles.</param>
    /// <param name="embedder">Makes vectors.</param>
    /// <param name="onWarning">Told why it could not go on.</param>
    public MeaningIndex(BattleIndex index, ITextEmbedder embedder, Action<string> onWarning)
    {
        (_index, _embedder) = (index, embedder);
        _work = Task.Run(() => BuildAsync(onWarning));
    }

    /// <summary>The prompts that are known, at most.</summary>
    private int MostPrompts => (int)(MostBytes / (sizeof(float) * _embedder.Dimension));

    /// <summary>What a reader must know of what was compared, in a sentence or two.</summary>
    public string Remark
    {
        get
        {
            var vectors = _vectors;
            return Invariant($"By meaning: the nearest of {vectors.Numbers.Length:N0} different opening prompts") + vectors switch
            {
                { IsComplete: false } => " that have been embedded so far.",
                { IsSample: true } => ", taken at equal distances.",
                _ => ".",
            };
        }
    }

    /// <summary>The battles about prompts nearest to that of a battle; null where the model does not read it, or knows none yet.</summary>
    /// <param name="battle">The battle.</param>
    /// <param name="number">Its number; it is not similar to itself.</param>
    /// <param name="most">The most battles.</param>
    /// <param name="cancellationToken">Stops the embedding of the prompt.</param>
    public async Task<IReadOnlyList<int>?> FindAsync(Battle battle, int number, int most, CancellationToken cancellationToken)
    {
        var vectors = _vectors;
        if (vectors.Numbers.Length == 0 || TextOf(battle) is not { } text || !_embedder.Reads(text))
            return null;
        var own = (await _embedder.EmbedAsync([text], cancellationToken).ConfigureAwait(false))[0];
        var cosines = new float[vectors.Numbers.Length];
        for (var i = 0; i < cosines.Length; i++)
            cosines[i] = TensorPrimitives.Dot<float>(vectors.All[i], own);
        int[] places = [.. Enumerable.Range(0, cosines.Length)];
        Array.Sort(cosines, places);
        return [.. places.Reverse().SelectMany(place => vectors.Numbers[place].Where(one => one != number).Take(MostOfPrompt)).Take(most)];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private static string? TextOf(Battle battle) => PromptNeighbours.TextOf(battle) is { } text
        ? text[..Math.Min(text.Length, MostCharacters)]
        : null;

    private async Task BuildAsync(Action<string> onWarning)
    {
        await _index.Completion.WaitAsync(_closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_index.Completion.IsCompletedSuccessfully)
            return;
        try
        {
            var (numbers, battles, total) = _index.Sample(BattleFilter.Everything, MostPrompts);
            var known = new OrderedDictionary<string, List<int>>(StringComparer.Ordinal);
            foreach (var (number, battle) in numbers.Zip(battles))
            {
                _closing.Token.ThrowIfCancellationRequested();
                if (TextOf(battle) is not { } text)
                    continue;
                if (!known.TryGetValue(text, out var itsNumbers))
                    known.Add(text, itsNumbers = []);
                itsNumbers.Add(number);
            }

            var (vectors, ofVectors) = (new List<float[]>(), new List<int[]>());
            foreach (var part in known.Where(prompt => _embedder.Reads(prompt.Key)).Chunk(PromptsTogether))
            {
                vectors.AddRange(await _embedder.EmbedAsync([.. part.Select(prompt => prompt.Key)], _closing.Token).ConfigureAwait(false));
                ofVectors.AddRange(part.Select(prompt => prompt.Value.ToArray()));
                _vectors = new Vectors([.. vectors], [.. ofVectors], IsComplete: false, IsSample: total > numbers.Count);
            }

            _vectors = _vectors with { IsComplete = true };
        }
        catch (TiebreakException exception)
        {
            onWarning($"What prompts mean is known of some battles only: {exception.Message}");
        }
    }

    /// <summary>What is known.</summary>
    /// <param name="All">The vectors.</param>
    /// <param name="Numbers">Of each vector, the battles whose prompt it is.</param>
    /// <param name="IsComplete">Whether nothing is to come.</param>
    /// <param name="IsSample">Whether there are more battles than were looked at.</param>
    private sealed record Vectors(float[][] All, int[][] Numbers, bool IsComplete, bool IsSample);
}
