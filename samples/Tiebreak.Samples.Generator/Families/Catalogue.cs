using Tiebreak.Samples.Generator.Chance;
using Tiebreak.Samples.Generator.Content;
using Tiebreak.Samples.Generator.Drafting;

namespace Tiebreak.Samples.Generator.Families;

/// <summary>All task families with their shares.</summary>
internal static class Catalogue
{
    private const double EnglishShare = 0.75;

    private static readonly (double Weight, Func<Dice, Script> Make)[] English =
    [
        (13, dice => TopicFamilies.Explain(dice, Library.English)),
        (6, dice => TopicFamilies.Begin(dice, Library.English)),
        (4, dice => TopicFamilies.List(dice, Library.English)),
        (3, dice => TopicFamilies.Judge(dice, Library.English)),
        (2, dice => TopicFamilies.Warn(dice, Library.English)),
        (1.5, TopicFamilies.Liken),
        (5, EssayFamilies.Compare), (3, EssayFamilies.Summarise), (1.5, EssayFamilies.Keywords), (2, EssayFamilies.Quiz),
        (2, EssayFamilies.Lesson), (2, EssayFamilies.Outline), (5, EssayFamilies.Argue),
        (1.5, TableFamilies.Table), (1.5, TableFamilies.Json), (1, TableFamilies.Sort), (1, TableFamilies.Count),
        (2, TableFamilies.Sentiment), (2.5, TableFamilies.Sql),
        (1.5, NumberFamilies.ShopEnglish), (1.5, NumberFamilies.Percent), (1.2, NumberFamilies.Speed), (1.2, NumberFamilies.Linear),
        (1, NumberFamilies.Quadratic), (1, NumberFamilies.Average), (1, NumberFamilies.Interest), (1, NumberFamilies.Pattern),
        (1, NumberFamilies.Ages), (1, NumberFamilies.Convert), (0.8, NumberFamilies.Luck), (1, NumberFamilies.Area),
        (6, CodeFamilies.Write), (2.5, CodeFamilies.Explain), (4, CodeFamilies.Fix), (1.5, CodeFamilies.Translate),
        (4, WritingFamilies.Letter), (4, WritingFamilies.Story), (2, WritingFamilies.Poem), (1.5, WritingFamilies.Slogan),
        (3, WritingFamilies.RolePlay), (1.5, WritingFamilies.Product),
        (3, LanguageFamilies.Translate), (2.5, LanguageFamilies.Correct), (2.5, LanguageFamilies.Word), (2, LanguageFamilies.Tone),
        (4, PlanFamilies.Trip), (3, PlanFamilies.Recipe), (1.5, PlanFamilies.Menu), (2, PlanFamilies.Workout), (2, PlanFamilies.Study),
        (1.5, PlanFamilies.Gift), (4, PlanFamilies.Guide), (4, PlanFamilies.Advise),
        (2.2, TalkFamilies.Greet), (3, TalkFamilies.Chat), (5, TalkFamilies.Fact), (2.5, TalkFamilies.Decline),
        (1.5, TalkFamilies.Interview),
    ];

    private static readonly (double Weight, Func<Dice, Tongue, Script> Make)[] Abroad =
    [
        (9, TopicFamilies.Explain), (4, TopicFamilies.Begin), (5, TopicFamilies.List), (3.5, TopicFamilies.Judge),
        (2.5, TopicFamilies.Warn),
        (3, NumberFamilies.Shop), (0.8, TalkFamilies.GreetAbroad),
    ];

    /// <summary>How many families there are.</summary>
    public static int Count => English.Length + Abroad.Length;

    /// <summary>A new conversation.</summary>
    public static Script Draw(Dice dice)
    {
        if (dice.Chance(EnglishShare)) return English[dice.Weighted([.. English.Select(family => family.Weight)])].Make(dice);
        var tongue = Library.Tongues[1 + dice.Weighted([6, 6, 6, 4, 4])];
        return Abroad[dice.Weighted([.. Abroad.Select(family => family.Weight)])].Make(dice, tongue);
    }
}
