namespace Tiebreak.Data.Submissions;

/// <summary>
/// What can be wrong with a submission. The kinds from <see cref="Sum"/> on are warnings: the file counts, but not as was meant.
/// </summary>
public enum SubmissionProblemKind
{
    /// <summary>An unnamed or superfluous column in front, as a data frame's index leaves it.</summary>
    IndexColumn,

    /// <summary>Column names that are missing, wrong, in another order or too many.</summary>
    Header,

    /// <summary>More or fewer rows than the test data.</summary>
    RowCount,

    /// <summary>A row with more or fewer fields than the header.</summary>
    FieldCount,

    /// <summary>Ids of the test data that have no row.</summary>
    MissingId,

    /// <summary>An id that the test data does not have.</summary>
    UnknownId,

    /// <summary>An id that an earlier row has.</summary>
    DuplicateId,

    /// <summary>A probability that is empty, NaN or no number.</summary>
    NotANumber,

    /// <summary>A probability below 0 or above 1, or three that are all 0.</summary>
    OutOfRange,

    /// <summary>Semicolons between columns, decimal commas or percent signs.</summary>
    Notation,

    /// <summary>Numbers that are no probabilities: percentages, logits, counts.</summary>
    NotProbabilities,

    /// <summary>In the form with winners: neither <c>model_a</c> nor <c>model_b</c>.</summary>
    Winner,

    /// <summary>Warning: probabilities that do not sum to 1 within 1e-6; the metric rescales them.</summary>
    Sum,

    /// <summary>Warning: a probability of 0, whose log loss is enormous if that outcome occurs.</summary>
    ZeroProbability,

    /// <summary>Warning: all rows are the same.</summary>
    IdenticalRows,

    /// <summary>Warning: one outcome is the most probable one of every row.</summary>
    SingleClass,
}
