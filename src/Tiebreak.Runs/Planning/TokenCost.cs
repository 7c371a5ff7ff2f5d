using System.Text;
using Tiebreak.Core.Battles;

namespace Tiebreak.Runs.Planning;

/// <summary>
/// About how much work a battle is: a quarter of the UTF-8 bytes of its texts, which is near the number of tokens in most languages and
/// costs next to nothing to count. Only proportions matter, because the speed is measured.
/// </summary>
internal static class TokenCost
{
    private const int BytesPerToken = 4;

    /// <summary>The template that a judge puts around the texts, so that no battle is free.</summary>
    private const int Template = 16;

    public static long Of(Battle battle)
    {
        var bytes = 0L;
        foreach (var turn in battle.Turns)
            bytes += Bytes(turn.Prompt) + Bytes(turn.ResponseA) + Bytes(turn.ResponseB);
        return Template + (bytes / BytesPerToken);
    }

    public static long[] Of(IReadOnlyList<Battle> battles)
    {
        var tokens = new long[battles.Count];
        for (var i = 0; i < tokens.Length; i++)
            tokens[i] = Of(battles[i]);
        return tokens;
    }

    private static int Bytes(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
