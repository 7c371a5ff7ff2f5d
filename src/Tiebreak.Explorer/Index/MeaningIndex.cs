using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Embeddings;
using Tiebreak.Data.Meanings;
using Tiebreak.Data.Topics;

namespace Tiebreak.Explorer.Index;

/// <summary>
/// What the opening prompts of battles mean, as vectors in memory: each different prompt once, so many as fit into a bound. They are made
/// in the background when all battles have been read, kept with the index, and asked meanwhile for what is there.
/// </summary>
internal sealed class MeaningIndex : IAsyncDisposable
{
    private const long MostBytes = 128 << 20;
    private const int MostCharacters = 2_000; // of a prompt; the models read a few hundred tokens
    private const int PromptsTogether = 128;
    private const int BlockPrompts = 1_024;
    private const int MostOfPrompt = 3;

    private readonly BattleIndex _index;
    private readonly ITextEmbedder _embedder;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _work;
    private volatile Prompts? _prompts;

    /// <param name="index">The battles.</param>
    /// <param name="embedder">Makes vectors.</param>
    /// <param name="keyOf">What tells the embedder from others.</param>
    /// <param name="onWarning">Told why it could not go on.</param>
    public MeaningIndex(BattleIndex index, ITextEmbedder embedder, Func<string> keyOf, Action<string> onWarning)
    {
        (_index, _embedder) = (index, embedder);
        _work = Task.Run(() => BuildAsync(keyOf, onWarning));
    }

    /// <summary>What a reader must know of what was compared, in a sentence.</summary>
    public string Remark
    {
        get
        {
            var (prompts, known) = (_prompts, _prompts?.Known ?? 0);
            return Invariant($"By meaning: the nearest of {known:N0} different opening prompts") + prompts switch
            {
                { Count: var count } when known < count => Invariant($", of {count:N0}, that have been embedded so far."),
                { } when _index.Progress.Battles > MostPrompts => ", taken at equal distances.",
                _ => ".",
            };
        }
    }

    /// <summary>The prompts that are known, at most.</summary>
    private int MostPrompts => (int)(MostBytes / (sizeof(float) * _embedder.Dimension));

    /// <summary>The battles about prompts nearest to that of a battle; null where the model does not read it, or knows none yet.</summary>
    /// <param name="battle">The battle.</param>
    /// <param name="number">Its number; it is not similar to itself.</param>
    /// <param name="most">The most battles.</param>
    /// <param name="cancellationToken">Stops the embedding of a prompt that is not known.</param>
    public async Task<IReadOnlyList<int>?> FindAsync(Battle battle, int number, int most, CancellationToken cancellationToken)
    {
        if (_prompts is not { Known: > 0 and var known } prompts)
            return null;
        ReadOnlyMemory<float> own;
        if (prompts.PlaceOf(number) is { } place && place < known)
            own = prompts.VectorAt(place);
        else if (TextOf(battle) is { } text && !string.IsNullOrWhiteSpace(text) && _embedder.Reads(text))
            own = (await _embedder.EmbedAsync([text], cancellationToken).ConfigureAwait(false))[0];
        else
            return null;

        var cosines = new float[known];
        for (var i = 0; i < known; i++)
            cosines[i] = TensorPrimitives.Dot(prompts.VectorAt(i).Span, own.Span);
        int[] places = [.. Enumerable.Range(0, known)];
        Array.Sort(cosines, places);
        return [.. places.Reverse().SelectMany(near => prompts.NumbersAt(near).Where(one => one != number).Take(MostOfPrompt)).Take(most)];
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

    private async Task BuildAsync(Func<string> keyOf, Action<string> onWarning)
    {
        await _index.Completion.WaitAsync(_closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_index.Completion.IsCompletedSuccessfully)
            return;
        try
        {
            var (kept, key) = (_index.Meanings, Invariant($"{keyOf()} {_embedder.Dimension}"));
            if (kept.TryRead(key) is not { } numbers)
                kept.Begin(key, numbers = DifferentPrompts());
            var prompts = new Prompts(numbers, _embedder.Dimension);
            kept.Read(bytes => prompts.Add(MemoryMarshal.Cast<byte, float>(bytes)));
            _prompts = prompts;
            while (prompts.Known < prompts.Count)
            {
                var first = prompts.Known;
                string[] texts =
                [
                    .. Enumerable.Range(first, Math.Min(PromptsTogether, prompts.Count - first))
                        .Select(place => TextOf(_index.Texts(prompts.NumbersAt(place)[0]))!),
                ];
                var vectors = await _embedder.EmbedAsync(texts, _closing.Token).ConfigureAwait(false);
                kept.Append(first, vectors);
                foreach (var vector in vectors)
                    prompts.Add(vector);
            }
        }
        catch (TiebreakException exception)
        {
            onWarning($"What prompts mean is known of some battles only: {exception.Message}");
        }
    }

    /// <summary>Of each different prompt that the embedder reads, the battles that it opens.</summary>
    private List<int[]> DifferentPrompts()
    {
        var (numbers, battles, _) = _index.Sample(BattleFilter.Everything, MostPrompts);
        var known = new OrderedDictionary<ContentKey, List<int>>(); // keys in place of texts, which could be long
        foreach (var (number, battle) in numbers.Zip(battles))
        {
            _closing.Token.ThrowIfCancellationRequested();
            if (TextOf(battle) is not { } text || string.IsNullOrWhiteSpace(text))
                continue;
            var key = ContentKey.Of(text);
            if (known.TryGetValue(key, out var its))
                its.Add(number);
            else if (_embedder.Reads(text))
                known.Add(key, [number]);
        }

        return [.. known.Values.Select(its => its.ToArray())];
    }

    /// <summary>Prompts and the vectors of the first of them. One thread adds; any number reads what is known.</summary>
    private sealed class Prompts
    {
        private readonly IReadOnlyList<int[]> _numbers;
        private readonly int _dimension;
        private readonly float[]?[] _blocks;
        private readonly Dictionary<int, int> _places;
        private volatile int _known;

        public Prompts(IReadOnlyList<int[]> numbers, int dimension)
        {
            (_numbers, _dimension) = (numbers, dimension);
            _blocks = new float[(numbers.Count + BlockPrompts - 1) / BlockPrompts][];
            _places = numbers.Index().SelectMany(prompt => prompt.Item.Select(number => (number, prompt.Index)))
                .ToDictionary(pair => pair.number, pair => pair.Index);
        }

        public int Count => _numbers.Count;

        public int Known => _known;

        public int? PlaceOf(int number) => _places.TryGetValue(number, out var place) ? place : null;

        public int[] NumbersAt(int place) => _numbers[place];

        public ReadOnlyMemory<float> VectorAt(int place) =>
            _blocks[place / BlockPrompts].AsMemory(place % BlockPrompts * _dimension, _dimension);

        public void Add(ReadOnlySpan<float> vector)
        {
            var block = _blocks[_known / BlockPrompts] ??= new float[BlockPrompts * _dimension];
            vector.CopyTo(block.AsSpan(_known % BlockPrompts * _dimension, _dimension));
            _known++;
        }
    }
}
