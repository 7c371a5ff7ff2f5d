using static TorchSharp.torch;

namespace Tiebreak.Transformers.Layers;

/// <summary>
/// A row for each token of a vocabulary: the embedding of words, or the matrix of a language model's head. Rows of some tokens may stand
/// apart, so that they learn and the table does not.
/// </summary>
internal sealed class WordEmbedding : WeightOwner
{
    private readonly Tensor _table;
    private readonly Tensor? _tokens; // [apart]
    private readonly Tensor? _rows; // [apart, width]

    /// <summary>Takes a table.</summary>
    /// <param name="table">[vocabulary, width].</param>
    public WordEmbedding(Tensor table) => _table = Own(table);

    /// <summary>Takes a table, and rows that stand for its own.</summary>
    /// <param name="table">[vocabulary, width].</param>
    /// <param name="tokens">Tokens whose rows stand apart.</param>
    /// <param name="rows">[tokens, width].</param>
    public WordEmbedding(Tensor table, IReadOnlyList<int> tokens, Tensor rows)
        : this(table)
    {
        _tokens = Own(tensor([.. tokens.Select(token => (long)token)], device: table.device).DetachFromDisposeScope());
        _rows = Own(rows);
    }

    // Rows that stand apart stay the other's.
    private WordEmbedding(Tensor table, WordEmbedding tied)
        : this(table) => (_tokens, _rows) = (tied._tokens, tied._rows);

    /// <summary>Tokens of the vocabulary.</summary>
    public int Count => (int)_table.shape[0];

    /// <summary>Where the rows are.</summary>
    public Device Device => _table.device;

    /// <summary>The table [vocabulary, width], where no row stands apart.</summary>
    public Tensor Table => _rows is null ? _table : throw new InvalidOperationException("Some rows stand apart.");

    /// <summary>The rows of tokens; gradients pass to those that stand apart.</summary>
    /// <param name="ids">[tokens].</param>
    /// <returns>[tokens, width], as the table is stored.</returns>
    public Tensor Rows(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var rows = _table.index_select(0, ids);
        if (_rows is not null)
        {
            var found = ids.unsqueeze(1).eq(_tokens!.unsqueeze(0)).nonzero(); // [found, 2]: place in the text, number of the row
            if (found.shape[0] > 0)
                rows = rows.index_copy(0, found.select(1, 0), _rows.index_select(0, found.select(1, 1)).to(rows.dtype));
        }

        return rows.MoveToOuterDisposeScope();
    }

    /// <summary>All rows as one matrix.</summary>
    /// <returns>[vocabulary, width].</returns>
    public Tensor Matrix() =>
        _rows is null ? _table.alias() : _table.index_copy(0, _tokens!, _rows.to(_table.dtype));

    /// <summary>The same rows as a matrix to multiply with, for a head that is tied to this embedding and lives no longer.</summary>
    /// <param name="type">What is multiplied in.</param>
    public WordEmbedding Tied(ScalarType type) => new(_table.to(type).DetachFromDisposeScope(), this);
}
