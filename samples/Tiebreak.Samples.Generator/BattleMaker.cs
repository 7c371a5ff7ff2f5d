using Tiebreak.Samples.Generator.Chance;
using Tiebreak.Samples.Generator.Content;
using Tiebreak.Samples.Generator.Drafting;
using Tiebreak.Samples.Generator.Families;
using Tiebreak.Samples.Generator.Models;
using Tiebreak.Samples.Generator.Output;
using Tiebreak.Samples.Generator.Verdicts;
using Tiebreak.Samples.Generator.Writing;

namespace Tiebreak.Samples.Generator;

/// <summary>Makes battles: a conversation, two models, their responses and a verdict.</summary>
internal sealed class BattleMaker(Dice dice, NearDuplicates seen)
{
    private const double MultiTurnShare = 0.24;
    private const double NearLimit = 0.6;
    private static readonly Reply Lost = new((string?)null) { Correct = false };

    /// <summary>The next battle.</summary>
    public Battle Next()
    {
        while (true)
        {
            var script = Catalogue.Draw(dice);
            var turns = Turns(script);

            // Greetings come back, as they do in life; everything else must differ clearly from what is there.
            var whole = string.Join('\n', turns.Select(turn => turn.Prompt));
            if (!script.Repeats && seen.Closest(whole) > NearLimit) continue;
            seen.Add(whole);
            return Hold(script.Tongue, turns);
        }
    }

    private Battle Hold(Tongue tongue, List<Exchange> turns)
    {
        var models = dice.Sample(Roster.All, 2);
        var repliesA = Answer(models[0], tongue, turns);
        var repliesB = Answer(models[1], tongue, turns);

        // Two models rarely write the very same text; short exact tasks still make them now and then.
        for (var attempt = 0; attempt < 3 && Same(repliesA, repliesB); attempt++) repliesB = Answer(models[1], tongue, turns);
        Mishap(repliesA, repliesB);
        var utilityA = HiddenPreference.Utility(models[0], repliesA);
        var utilityB = HiddenPreference.Utility(models[1], repliesB);
        var preference = HiddenPreference.Probabilities(utilityA, utilityB);
        return new Battle(
            tongue.Name,
            [.. turns.Select(turn => turn.Prompt)],
            [.. repliesA.Select(reply => reply.Text)],
            [.. repliesB.Select(reply => reply.Text)],
            models[0].Name,
            models[1].Name,
            HiddenPreference.Draw(dice, preference, utilityA, utilityB),
            preference);
    }

    private List<Exchange> Turns(Script script)
    {
        var english = script.Tongue == Library.English;
        List<Exchange> turns =
        [
            script.Opening with { Prompt = english ? Typing.Humanise(dice, script.Opening.Prompt) : script.Opening.Prompt },
        ];
        if (script.FollowUps.Count == 0 || !dice.Chance(MultiTurnShare)) return turns;
        var more = Math.Min(script.FollowUps.Count, 1 + dice.Weighted([0.55, 0.27, 0.12, 0.06]));

        // Thanks and farewells belong at the end.
        turns.AddRange(script.FollowUps.Take(more).OrderBy(turn => turn.Draft.Chat));
        return turns;
    }

    private List<Reply> Answer(ModelStyle model, Tongue tongue, List<Exchange> turns)
    {
        var writer = new Writer(dice, model, tongue);
        return [.. turns.Select(turn => writer.Write(turn.Prompt, turn.Draft))];
    }

    private static bool Same(List<Reply> one, List<Reply> two) =>
        one.Select(reply => reply.Text).SequenceEqual(two.Select(reply => reply.Text), StringComparer.Ordinal);

    /// <summary>What goes wrong in real collections: lost, empty and identical responses.</summary>
    private void Mishap(List<Reply> repliesA, List<Reply> repliesB)
    {
        var chance = dice.Unit();
        var victim = dice.Chance(0.5) ? repliesA : repliesB;
        if (chance < 0.008)
        {
            victim[^1] = Lost;
        }
        else if (chance < 0.0095)
        {
            repliesA[^1] = repliesB[^1] = Lost;
        }
        else if (chance < 0.0135)
        {
            victim[^1] = Lost with { Text = "" };
        }
        else if (chance < 0.0195)
        {
            for (var i = 0; i < repliesA.Count; i++) repliesB[i] = repliesA[i];
        }
    }
}
