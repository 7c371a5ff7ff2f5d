using Tiebreak.Core;
using static TorchSharp.torch;

namespace Tiebreak.Transformers.Sequences;

/// <summary>Sequences laid end to end, without padding: linear layers see one matrix of tokens, attention sees each sequence by itself.</summary>
public sealed class PackedTokens
{
    private readonly IReadOnlyList<TokenSequence> _sequences;
    private readonly int[] _starts;

    /// <summary>Packs sequences.</summary>
    /// <param name="sequences">One or more, each with at least one token.</param>
    /// <exception cref="InputException">There is no sequence, or one is empty.</exception>
    public PackedTokens(IReadOnlyList<TokenSequence> sequences)
    {
        if (sequences.Count == 0)
            throw new InputException("There is no row to compute; give at least one sequence of tokens.");

        _sequences = sequences;
        _starts = new int[sequences.Count + 1];
        for (var i = 0; i < sequences.Count; i++)
        {
            if (sequences[i].Tokens.Count == 0)
                throw new InputException($"Row {sequences[i].Id} holds no token; a model needs at least one.");
            _starts[i + 1] = checked(_starts[i] + sequences[i].Tokens.Count);
        }
    }

    /// <summary>How many sequences there are.</summary>
    public int Count => _sequences.Count;

    /// <summary>Tokens of all sequences together.</summary>
    public int TokenCount => _starts[^1];

    /// <summary>
    /// LongRoPE chooses its factors by the length of the whole padded batch in transformers; set, this length stands for every sequence's own.
    /// Null: each sequence's own length decides, so that a row's result does not depend on its neighbours.
    /// </summary>
    public int? PaddedLength { get; init; }

    /// <summary>Where a sequence begins among all tokens.</summary>
    public int StartOf(int sequence) => _starts[sequence];

    /// <summary>How many tokens a sequence has.</summary>
    public int LengthOf(int sequence) => _starts[sequence + 1] - _starts[sequence];

    /// <summary>The row's id.</summary>
    public string IdOf(int sequence) => _sequences[sequence].Id;

    /// <summary>All token ids.</summary>
    /// <param name="device">Where the tensor is made.</param>
    /// <returns>[tokens], int64.</returns>
    public Tensor Ids(Device device) => tensor(_sequences.SelectMany(sequence => sequence.Tokens).Select(token => (long)token).ToArray(), device: device);

    /// <summary>Each token's position in its sequence.</summary>
    /// <param name="first">The position of a sequence's first token.</param>
    /// <param name="device">Where the tensor is made.</param>
    /// <returns>[tokens], int64.</returns>
    public Tensor Positions(int first, Device device) =>
        tensor(Enumerable.Range(0, Count).SelectMany(i => Enumerable.Range(first, LengthOf(i))).Select(position => (long)position).ToArray(), device: device);

    /// <summary>The rows of some tokens.</summary>
    /// <param name="rows">[tokens, ...].</param>
    /// <param name="wanted">Whose.</param>
    /// <returns>[sequences, ...]; where all are wanted, the same tensor.</returns>
    public Tensor Select(Tensor rows, TokenSelection wanted)
    {
        if (wanted is TokenSelection.All)
            return rows;
        var first = wanted is TokenSelection.FirstToken;
        using var indices = tensor(
            Enumerable.Range(0, Count).Select(i => first ? (long)_starts[i] : _starts[i + 1] - 1).ToArray(), device: rows.device);
        return rows.index_select(0, indices);
    }

    /// <summary>Where the selected tokens of a sequence lie.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="wanted">Which tokens.</param>
    /// <returns>The first row among all selected rows, how many there are, and the first token's position in the sequence.</returns>
    internal (int Start, int Count, int Position) SelectionOf(int sequence, TokenSelection wanted) => wanted switch
    {
        TokenSelection.FirstToken => (sequence, 1, 0),
        TokenSelection.LastToken => (sequence, 1, LengthOf(sequence) - 1),
        _ => (StartOf(sequence), LengthOf(sequence), 0),
    };

    /// <summary>The rows of all tokens of a sequence.</summary>
    /// <param name="rows">[tokens, ...].</param>
    /// <param name="sequence">The sequence.</param>
    /// <returns>[length, ...].</returns>
    internal Tensor Whole(Tensor rows, int sequence) => rows.narrow(0, StartOf(sequence), LengthOf(sequence));

    /// <summary>The mean hidden state of each sequence, taken in float32.</summary>
    /// <param name="hidden">[tokens, hidden].</param>
    /// <returns>[sequences, hidden], float32.</returns>
    public Tensor Mean(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var means = Enumerable.Range(0, Count).Select(i => Whole(hidden, i).mean([0L], type: ScalarType.Float32));
        return stack([.. means]).MoveToOuterDisposeScope();
    }

    /// <summary>Checks that a model can take the tokens.</summary>
    /// <param name="vocabularySize">Token ids must be below.</param>
    /// <param name="maxPositions">No sequence may be longer; null: any length will do.</param>
    /// <exception cref="InputException">A token or a length is out of range; the row is named.</exception>
    public void Check(int vocabularySize, int? maxPositions)
    {
        foreach (var (id, tokens) in _sequences)
        {
            if (tokens.Count > maxPositions)
                throw new InputException($"Row {id} has {tokens.Count} tokens, but the model has {maxPositions} positions; shorten the row.");
            foreach (var token in tokens)
            {
                if ((uint)token >= (uint)vocabularySize)
                {
                    throw new InputException(
                        $"Row {id} holds the token id {token}, but the model's vocabulary has {vocabularySize} entries; the tokenizer is not this model's.");
                }
            }
        }
    }
}
