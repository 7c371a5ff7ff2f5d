namespace Tiebreak.Explorer.Rendering;

/// <summary>
/// What two texts share, word by word: a shortest edit script (E. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986).
/// </summary>
internal static class TextDifference
{
    // Beyond that many words of difference two texts have little in common, and memory grows with the square.
    private const int MostEdits = 1_500;

    /// <summary>The words of both texts (with the white space behind them), each marked as shared or not.</summary>
    /// <returns>For each text its parts; null if the texts differ in more words than are compared.</returns>
    public static (IReadOnlyList<TextPart> A, IReadOnlyList<TextPart> B)? Of(string a, string b)
    {
        var (wordsA, wordsB) = (Words(a), Words(b));
        var (isSharedA, isSharedB) = (new bool[wordsA.Count], new bool[wordsB.Count]);
        return TryMark(wordsA, wordsB, isSharedA, isSharedB) ? (Parts(wordsA, isSharedA), Parts(wordsB, isSharedB)) : null;
    }

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var start = 0;
        for (var i = 1; i <= text.Length; i++)
        {
            if (i == text.Length || (char.IsWhiteSpace(text[i - 1]) && !char.IsWhiteSpace(text[i])))
            {
                words.Add(text[start..i]);
                start = i;
            }
        }

        return words;
    }

    private static bool TryMark(List<string> a, List<string> b, bool[] isSharedA, bool[] isSharedB)
    {
        // furthest[k + offset]: how many words of a are used on the diagonal k = (words of a) - (words of b) after so many edits.
        var most = Math.Min(MostEdits, a.Count + b.Count);
        var offset = most + 1;
        var furthest = new int[(2 * most) + 3];
        var history = new List<int[]>();
        for (var edits = 0; edits <= most; edits++)
        {
            history.Add(furthest[(offset - edits - 1)..(offset + edits + 2)]);
            for (var k = -edits; k <= edits; k += 2)
            {
                var x = k == -edits || (k != edits && furthest[k - 1 + offset] < furthest[k + 1 + offset])
                    ? furthest[k + 1 + offset]
                    : furthest[k - 1 + offset] + 1;
                while (x < a.Count && x - k < b.Count && IsSame(a[x], b[x - k]))
                    x++;
                furthest[k + offset] = x;
                if (x >= a.Count && x - k >= b.Count)
                {
                    Trace(history, a.Count, b.Count, isSharedA, isSharedB);
                    return true;
                }
            }
        }

        return false;
    }

    private static void Trace(List<int[]> history, int x, int y, bool[] isSharedA, bool[] isSharedB)
    {
        for (var edits = history.Count - 1; edits >= 0; edits--)
        {
            var (furthest, offset, k) = (history[edits], edits + 1, x - y);
            var from = k == -edits || (k != edits && furthest[k - 1 + offset] < furthest[k + 1 + offset]) ? k + 1 : k - 1;
            var (fromX, fromY) = edits == 0 ? (0, 0) : (furthest[from + offset], furthest[from + offset] - from);
            for (var same = 1; same <= Math.Min(x - fromX, y - fromY); same++)
                (isSharedA[x - same], isSharedB[y - same]) = (true, true);
            (x, y) = (fromX, fromY);
        }
    }

    private static bool IsSame(string a, string b) => a.AsSpan().TrimEnd().Equals(b.AsSpan().TrimEnd(), StringComparison.Ordinal);

    private static List<TextPart> Parts(List<string> words, bool[] isShared)
    {
        var parts = new List<TextPart>();
        for (var start = 0; start < words.Count;)
        {
            var end = start + 1;
            while (end < words.Count && isShared[end] == isShared[start])
                end++;
            parts.Add(new TextPart(string.Concat(words[start..end]), isShared[start]));
            start = end;
        }

        return parts;
    }
}

/// <summary>A run of words.</summary>
/// <param name="Text">The words with the white space between and behind them.</param>
/// <param name="IsShared">Whether the other text has them too, in this order.</param>
internal readonly record struct TextPart(string Text, bool IsShared);
