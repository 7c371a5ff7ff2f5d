namespace Tiebreak.Transformers.Decoders;

/// <summary>How a checkpoint stores the projections to queries, keys and values.</summary>
public enum QueryKeyValueLayout
{
    /// <summary>Three matrices.</summary>
    Separate,

    /// <summary>One matrix: the rows of all queries, of all keys, of all values (Phi-3).</summary>
    Stacked,

    /// <summary>One matrix: for each key head its queries, its key, its value (InternLM2).</summary>
    Interleaved,
}
