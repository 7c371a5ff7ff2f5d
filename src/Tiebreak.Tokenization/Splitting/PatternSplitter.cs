using Tiebreak.Tokenization.Processing;

namespace Tiebreak.Tokenization.Splitting;

/// <summary>Cuts a text at everything that a pattern matches.</summary>
/// <param name="pattern">Finds the matches.</param>
/// <param name="behavior">What becomes of them.</param>
/// <param name="isInverted">Matches and the text between them change places.</param>
internal sealed class PatternSplitter(ITextPattern pattern, SplitBehavior behavior, bool isInverted) : IPieceSplitter
{
    public void Split(ReadOnlySpan<byte> text, int start, int end, PieceList pieces)
    {
        var matches = Reused<PieceList>.Rent();
        matches.Clear();
        pattern.Find(text, start, end, matches);
        var (open, at, wasMatch) = (start, start, false);
        for (var i = 0; i <= matches.Count; i++)
        {
            var (from, to) = i < matches.Count ? (matches.Start(i), matches.End(i)) : (end, end);
            Take(at, from, isMatch: isInverted);
            Take(from, to, isMatch: !isInverted);
            at = to;
        }

        pieces.Add(open, end);
        Reused<PieceList>.Return(matches);

        // `open` is where the piece begins that may still grow.
        void Take(int from, int to, bool isMatch)
        {
            if (from == to)
                return;
            if (behavior is SplitBehavior.Removed && isMatch)
            {
                pieces.Add(open, from);
                open = to;
            }
            else if (IsBoundary(isMatch, wasMatch))
            {
                pieces.Add(open, from);
                open = from;
            }

            wasMatch = isMatch;
        }
    }

    private bool IsBoundary(bool isMatch, bool wasMatch) => behavior switch
    {
        SplitBehavior.Isolated => isMatch || wasMatch,
        SplitBehavior.Contiguous => isMatch != wasMatch,
        SplitBehavior.MergedWithPrevious => wasMatch,
        SplitBehavior.MergedWithNext => isMatch,
        _ => false,
    };
}
