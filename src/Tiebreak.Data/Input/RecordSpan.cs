namespace Tiebreak.Data.Input;

/// <summary>Where a record lies in its block.</summary>
/// <param name="Start">Its first byte, an offset into <see cref="Block.Text"/>.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Line">The line of the file on which it starts.</param>
internal readonly record struct RecordSpan(int Start, int Length, long Line);
