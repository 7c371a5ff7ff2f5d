using Tiebreak.Core;
using Tiebreak.Tokenization.Budgets;
using Tiebreak.Torch.Operators;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Sequences;

/// <summary>
/// Sequences laid end to end, without padding: linear layers see one matrix of tokens, attention sees each sequence by itself. A sequence
/// may begin with tokens of another one, its <see cref="SharedPrefix"/>: those are packed, and computed, once. So sequences form trees.
/// Before all of them may stand tokens that were computed with an earlier batch, a <see cref="KeptPrefix"/>.
/// </summary>
internal sealed class PackedTokens
{
    private readonly IReadOnlyList<TokenSequence> _sequences;
    private readonly IReadOnlyList<SharedPrefix?> _prefixes;
    private readonly int[] _starts;
    private readonly (int Start, int Count)[][] _parts; // of each whole sequence, by the rows of its keys: a kept prefix comes first

    /// <summary>Packs sequences, each by itself.</summary>
    /// <param name="sequences">One or more, each with at least one token.</param>
    /// <exception cref="InputException">There is no sequence, or one is empty.</exception>
    public PackedTokens(IReadOnlyList<TokenSequence> sequences)
        : this(sequences, new SharedPrefix?[sequences.Count])
    {
    }

    /// <summary>Packs sequences of which some begin with tokens of others; see <see cref="Backbone.IsCausal"/>.</summary>
    /// <param name="sequences">One or more, each with at least one token of its own: those after its prefix.</param>
    /// <param name="prefixes">What stands before the tokens of each sequence; null: nothing, or <paramref name="kept"/>.</param>
    /// <param name="kept">What stands before the tokens of every sequence without another prefix; null: nothing.</param>
    /// <exception cref="InputException">There is no sequence, or one is empty.</exception>
    /// <exception cref="ArgumentException">A prefix is not the beginning of an earlier sequence.</exception>
    public PackedTokens(IReadOnlyList<TokenSequence> sequences, IReadOnlyList<SharedPrefix?> prefixes, KeptPrefix? kept = null)
    {
        if (sequences.Count == 0)
            throw new InputException("There is no row to compute; give at least one sequence of tokens.");
        if (prefixes.Count != sequences.Count)
            throw new ArgumentException($"{prefixes.Count} prefixes for {sequences.Count} sequences.", nameof(prefixes));

        (_sequences, _prefixes, Kept) = (sequences, prefixes, kept);
        _starts = new int[sequences.Count + 1];
        _parts = new (int, int)[sequences.Count][];
        for (var i = 0; i < sequences.Count; i++)
        {
            var count = sequences[i].Tokens.Count;
            if (count == 0)
                throw new InputException($"Row {sequences[i].Id} holds no token; a model needs at least one.");
            if (prefixes[i] is var (other, length) && (other < 0 || other >= i || length < 1 || length > LengthOf(other)))
                throw new ArgumentException($"Sequence {i} cannot begin with {length} tokens of sequence {other}.", nameof(prefixes));
            _starts[i + 1] = checked(_starts[i] + count);
            _parts[i] = [.. PartsOf(prefixes[i]), (KeptCount + _starts[i], count)];
        }
    }

    /// <summary>How many sequences there are.</summary>
    public int Count => _sequences.Count;

    /// <summary>Tokens of all sequences together; those of prefixes count once.</summary>
    public int TokenCount => _starts[^1];

    /// <summary>Whether some sequence begins with tokens of another one, or with tokens of an earlier batch.</summary>
    public bool SharesPrefixes => Kept is not null || _prefixes.Any(prefix => prefix is not null);

    /// <summary>What stands before all sequences and was computed with an earlier batch; null: nothing.</summary>
    public KeptPrefix? Kept { get; }

    /// <summary>Takes the keys and values of these tokens, for later batches that begin with them; null: nobody needs them.</summary>
    public KeptPrefix? KeptIn { get; init; }

    /// <summary>
    /// LongRoPE chooses its factors by the length of the whole padded batch in transformers; set, this length stands for every sequence's
    /// own. Null: each sequence's own length decides, so that a row's result does not depend on its neighbours.
    /// </summary>
    public int? PaddedLength { get; init; }

    /// <summary>
    /// The token that transformers' classes for sequence classification take for padding wherever it stands: the last token of a sequence
    /// is the last one that is another, even where texts end with this one. Null: the last token is the last.
    /// </summary>
    public int? Padding { get; init; }

    /// <summary>Where the tokens of a sequence that follow its prefix begin among all tokens.</summary>
    public int StartOf(int sequence) => _starts[sequence];

    /// <summary>How many tokens a sequence has, with those of its prefix.</summary>
    public int LengthOf(int sequence) => _parts[sequence].Sum(part => part.Count);

    /// <summary>What a sequence begins with; null: no tokens of others in this batch.</summary>
    public SharedPrefix? PrefixOf(int sequence) => _prefixes[sequence];

    /// <summary>The row's id.</summary>
    public string IdOf(int sequence) => _sequences[sequence].Id;

    /// <summary>All token ids.</summary>
    /// <param name="device">Where the tensor is made.</param>
    /// <returns>[tokens], int64.</returns>
    public Tensor Ids(Device device) =>
        tensor(_sequences.SelectMany(sequence => sequence.Tokens).Select(token => (long)token).ToArray(), device: device);

    /// <summary>Each token's position in its sequence.</summary>
    /// <param name="first">The position of a sequence's first token.</param>
    /// <param name="device">Where the tensor is made.</param>
    /// <returns>[tokens], int64.</returns>
    public Tensor Positions(int first, Device device)
    {
        var positions = Enumerable.Range(0, Count).Select(i => SelectionOf(i, TokenSelection.All))
            .SelectMany(own => Enumerable.Range(first + own.Position, own.Count));
        return tensor(positions.Select(position => (long)position).ToArray(), device: device);
    }

    /// <summary>Each token's type: 0 where a sequence names none.</summary>
    /// <param name="count">How many types there are.</param>
    /// <param name="device">Where the tensor is made.</param>
    /// <returns>[tokens], int64.</returns>
    /// <exception cref="InputException">A type is out of range; the row is named.</exception>
    public Tensor Types(int count, Device device)
    {
        foreach (var sequence in _sequences)
        {
            if (sequence.Types is { } given && given.Count != sequence.Tokens.Count)
                throw new InputException($"Row {sequence.Id} has {sequence.Tokens.Count} tokens and {given.Count} token types.");
            if (sequence.Types?.FirstOrDefault(type => type < 0 || type >= count) is { } wrong and not 0)
                throw new InputException($"Row {sequence.Id} holds the token type {wrong}, but the model has types 0 to {count - 1}.");
        }

        var types = _sequences.SelectMany(sequence => sequence.Types ?? Enumerable.Repeat(0, sequence.Tokens.Count));
        return tensor(types.Select(type => (long)type).ToArray(), device: device);
    }

    /// <summary>The rows of some tokens, or their mean.</summary>
    /// <param name="rows">[tokens, ...].</param>
    /// <param name="wanted">Whose.</param>
    /// <returns>[sequences, ...]; where all are wanted, the same tensor.</returns>
    public Tensor Select(Tensor rows, TokenSelection wanted)
    {
        if (wanted is TokenSelection.All)
            return rows;
        if (wanted is TokenSelection.Mean)
            return Mean(rows).to(rows.dtype);
        var first = wanted is TokenSelection.FirstToken;
        using var indices = tensor(
            _parts.Select((parts, i) => first ? (long)parts[0].Start : StartOf(i) + LastOf(i)).ToArray(), device: rows.device);
        return rows.index_select(0, indices);
    }

    /// <summary>Where the selected tokens of a sequence lie.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="wanted">Which tokens; not their mean, which is taken of all of them.</param>
    /// <returns>The first row among all selected rows, how many there are, and the first token's position in the sequence.</returns>
    internal (int Start, int Count, int Position) SelectionOf(int sequence, TokenSelection wanted) => wanted switch
    {
        TokenSelection.FirstToken => (sequence, 1, 0),
        TokenSelection.LastToken => (sequence, 1, PrefixLengthOf(sequence) + LastOf(sequence)),
        _ => (StartOf(sequence), _sequences[sequence].Tokens.Count, PrefixLengthOf(sequence)),
    };

    /// <summary>The rows of all tokens of a sequence, with those of its prefix.</summary>
    /// <param name="rows">[tokens, ...]; the rows of a kept prefix stand before those of the batch.</param>
    /// <param name="sequence">The sequence.</param>
    /// <returns>[length, ...]: a view, or a copy where there is a prefix.</returns>
    internal Tensor Whole(Tensor rows, int sequence)
    {
        using var scope = NewDisposeScope();
        Tensor[] parts = [.. _parts[sequence].Select(part => rows.narrow(0, part.Start, part.Count))];
        return (parts is [var one] ? one : cat(parts)).MoveToOuterDisposeScope();
    }

    /// <summary>The mean hidden state of each sequence, taken in float32.</summary>
    /// <param name="hidden">[tokens, hidden].</param>
    /// <returns>[sequences, hidden], float32.</returns>
    public Tensor Mean(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var means = Enumerable.Range(0, Count).Select(i => Whole(hidden, i).mean([0L], type: ScalarType.Float32));
        return stack([.. means]).MoveToOuterDisposeScope();
    }

    /// <summary>The states of sides: the mean over the chunks of each, by their weights, taken in float32.</summary>
    /// <param name="states">[sequences, hidden].</param>
    /// <returns>[sides, hidden]; where no side has several chunks, the same tensor.</returns>
    public Tensor MeanOfChunks(Tensor states)
    {
        if (!_sequences.Any(sequence => sequence.ContinuesSide))
            return states;
        using var scope = NewDisposeScope();
        int[] firsts = [.. Enumerable.Range(0, Count).Where(i => !_sequences[i].ContinuesSide), Count];
        var sides = firsts.Zip(firsts.Skip(1), (first, next) =>
        {
            var rows = states.narrow(0, first, next - first);
            if (next - first == 1)
                return rows; // to the bit what it is without chunks beside it
            float[] weights = [.. Enumerable.Range(first, next - first).Select(i => (float)_sequences[i].ChunkWeight)];
            var shares = tensor(weights, [weights.Length, 1], device: states.device).Divide(weights.Sum());
            return rows.to(ScalarType.Float32).mul(shares).sum(0, keepdim: true).to(states.dtype);
        });
        return cat([.. sides]).MoveToOuterDisposeScope();
    }

    /// <summary>Where some tokens begin for the last time in a sequence.</summary>
    /// <param name="sequence">The sequence, which has no kept prefix.</param>
    /// <param name="pattern">The tokens.</param>
    /// <returns>The row of the first of them among all tokens; null where they do not stand in it.</returns>
    public int? LastIndexOf(int sequence, ReadOnlySpan<int> pattern)
    {
        int[] all = [.. _sequences.SelectMany(packed => packed.Tokens)];
        int[] rows = [.. _parts[sequence].SelectMany(part => Enumerable.Range(part.Start, part.Count))];
        var found = Array.ConvertAll(rows, row => all[row]).AsSpan().LastIndexOf(pattern);
        return found < 0 ? null : rows[found];
    }

    /// <summary>The sequences in parts of about equal size, in order; those that have tokens in common stay together.</summary>
    /// <param name="count">As many parts as there may be at most.</param>
    /// <returns>This one alone where there is nothing to divide.</returns>
    public IReadOnlyList<PackedTokens> Parts(int count)
    {
        var trees = KeptIn is null && count > 1 ? Trees() : [];
        var parts = new List<PackedTokens>(count);
        for (var (first, next) = (0, 0); next < trees.Count - 1; first = next)
        {
            // The tree whose middle lies beyond the end of the part belongs to the next one.
            var end = (parts.Count + 1L) * TokenCount / count;
            do
                next++;
            while (next < trees.Count - 1 && (StartOf(trees[next]) + StartOf(trees[next + 1])) / 2 < end);
            parts.Add(Part(trees[first], trees[next]));
        }

        return parts.Count > 1 ? parts : [this];
    }

    /// <summary>Checks that a model can take the tokens.</summary>
    /// <param name="vocabularySize">Token ids must be below.</param>
    /// <param name="maxPositions">No sequence may be longer; null: any length will do.</param>
    /// <exception cref="InputException">A token or a length is out of range; the row is named.</exception>
    public void Check(int vocabularySize, int? maxPositions)
    {
        for (var i = 0; i < Count; i++)
        {
            var (id, tokens) = _sequences[i];
            if (LengthOf(i) is var length && length > maxPositions)
                throw new InputException($"Row {id} has {length} tokens, but the model has {maxPositions} positions; shorten the row.");
            foreach (var token in tokens)
            {
                if ((uint)token >= (uint)vocabularySize)
                {
                    throw new InputException(
                        $"Row {id} holds the token id {token}, but the model's vocabulary has {vocabularySize} entries; " +
                        "the tokenizer is not this model's.");
                }
            }
        }
    }

    /// <summary>The number of the token that stands for a sequence as its last.</summary>
    /// <param name="tokens">The sequence's tokens, or those behind its prefix.</param>
    /// <param name="padding">See <see cref="Padding"/>.</param>
    internal static int LastOf(IReadOnlyList<int> tokens, int? padding)
    {
        var last = tokens.Count - 1;
        while (last > 0 && tokens[last] == padding)
            last--;
        return last;
    }

    // Where trees begin: the sequences from which on none begins with tokens of one before them. The last number ends the last tree.
    private List<int> Trees()
    {
        var begins = new List<int> { Count };
        for (var (i, earliest) = (Count - 1, Count); i >= 0; i--)
        {
            earliest = Math.Min(earliest, _prefixes[i]?.Sequence ?? i);
            if (earliest == i)
                begins.Add(i);
        }

        begins.Reverse();
        return begins;
    }

    private PackedTokens Part(int from, int to)
    {
        var sequences = _sequences.Skip(from).Take(to - from);
        var prefixes = _prefixes.Skip(from).Take(to - from).Select(prefix =>
            prefix is null ? null : prefix with { Sequence = prefix.Sequence - from });
        return new([.. sequences], [.. prefixes], Kept) { PaddedLength = PaddedLength, Padding = Padding };
    }

    private int LastOf(int sequence) => LastOf(_sequences[sequence].Tokens, Padding);

    private int KeptCount => Kept?.Tokens.Count ?? 0;

    private int PrefixLengthOf(int sequence) => _prefixes[sequence]?.Length ?? KeptCount;

    private IEnumerable<(int Start, int Count)> PartsOf(SharedPrefix? prefix)
    {
        if (prefix is null && Kept is not null)
            yield return (0, KeptCount);
        var left = prefix?.Length ?? 0;
        foreach (var (start, count) in prefix is null ? [] : _parts[prefix.Sequence])
        {
            if (left == 0)
                yield break;
            var taken = Math.Min(left, count);
            yield return (start, taken);
            left -= taken;
        }
    }
}

/// <summary>
/// The first tokens of a sequence that stand at the beginning of another one too, at the same positions. Where each token sees only those
/// before it, both sequences have the same hidden states there.
/// </summary>
/// <param name="Sequence">The other sequence, by its number in the batch: an earlier one. It may have a prefix itself.</param>
/// <param name="Length">How many of its tokens, with those of its own prefix; 1 or more.</param>
internal sealed record SharedPrefix(int Sequence, int Length);

/// <summary>Tokens of a batch: all of them, or what stands for each sequence.</summary>
internal enum TokenSelection
{
    /// <summary>Every token.</summary>
    All,

    /// <summary>The first token of each sequence, [CLS]: what heads of encoders read.</summary>
    FirstToken,

    /// <summary>
    /// The last token of each sequence, or the last but <see cref="PackedTokens.Padding"/>: what heads of decoders read, because only it
    /// has seen everything.
    /// </summary>
    LastToken,

    /// <summary>The mean of all tokens of each sequence, which some heads of encoders read.</summary>
    Mean,
}

/// <summary>The tokens of one row.</summary>
/// <param name="Id">The row's id, for messages.</param>
/// <param name="Tokens">Token ids, without padding.</param>
public sealed record TokenSequence(string Id, IReadOnlyList<int> Tokens)
{
    /// <summary>
    /// The type of each token, for encoders that tell the two texts of a pair apart by them (BERT): 0 or 1. Null: all are 0. Models
    /// without types, and those with one, do not look at them.
    /// </summary>
    public IReadOnlyList<int>? Types { get; init; }

    /// <summary>Whether it goes on with the side of a battle that the sequence before it shows a part of: both are chunks.</summary>
    internal bool ContinuesSide { get; init; }

    /// <summary>Of a chunk: how much it counts beside the other ones of its side, the tokens of its response.</summary>
    internal int ChunkWeight { get; init; } = 1;

    /// <summary>A battle as a sequence.</summary>
    internal static TokenSequence Of(string id, FittedBattle battle) => new(id, battle.Ids) { Types = battle.TypeIds };
}
