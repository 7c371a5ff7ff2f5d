using System.Text;
using Tiebreak.Samples.Generator.Chance;

namespace Tiebreak.Samples.Generator.Writing;

/// <summary>Typing errors.</summary>
internal static class Slips
{
    /// <summary>Damages a share of the words; digits, short words and marked words stay as they are.</summary>
    public static (string Text, int Count) Add(Dice dice, string text, double share)
    {
        if (share <= 0) return (text, 0);
        var words = text.Split(' ');
        var count = 0;
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i].Length < 4 || !words[i].All(char.IsLetter) || !dice.Chance(share)) continue;
            words[i] = Damage(dice, words[i]);
            count++;
        }

        return (string.Join(' ', words), count);
    }

    private static string Damage(Dice dice, string word)
    {
        var at = dice.Between(1, word.Length - 2);
        var letters = new StringBuilder(word);
        switch (dice.Between(0, 2))
        {
            case 0:
                (letters[at], letters[at + 1]) = (letters[at + 1], letters[at]);
                break;
            case 1:
                letters.Remove(at, 1);
                break;
            default:
                letters.Insert(at, letters[at]);
                break;
        }

        return letters.ToString();
    }
}
