using Tiebreak.Samples.Generator.Writing;

namespace Tiebreak.Samples.Generator.Models;

/// <summary>The twelve invented models.</summary>
internal static class Roster
{
    public static IReadOnlyList<ModelStyle> All { get; } =
    [
        new("aurora-large")
        {
            Chatter = 0.6,
            Strength = 0.55, Skill = 0.95, CodeSkill = 0.95, Obedience = 0.93, Detail = 1, Breadth = 0.92, Lists = 0.9, Bold = 0.85,
            Headers = 0.6,
            Opens = 0.25, Opening = "open.formal", Closes = 0.45, Hedges = 0.08, Refusals = 0.005, Caution = 0.98, EnglishOnly = 0.01,
        },
        new("aurora-mini")
        {
            Register = Register.Relaxed, Chatter = 0.05,
            Strength = 0.2, Skill = 0.86, CodeSkill = 0.85, Obedience = 0.85, Detail = 0.8, Breadth = 0.6, Lists = 0.85, Bold = 0.8,
            Headers = 0.25,
            Opens = 0.3, Closes = 0.35, Refusals = 0.01, Caution = 0.96, EnglishOnly = 0.03,
        },
        new("basalt-70b")
        {
            Register = Register.Stiff, Chatter = 0.55,
            Strength = 0.4, Skill = 0.92, CodeSkill = 0.9, Obedience = 0.9, Detail = 0.9, Breadth = 0.85, Lists = 0.7, Bold = 0.35,
            Headers = 0.15,
            Opens = 0.5, Opening = "open.formal", Closes = 0.55, Hedges = 0.25, Refusals = 0.02, Caution = 0.97, EnglishOnly = 0.06,
        },
        new("basalt-8b")
        {
            Chatter = 0.15,
            Strength = -0.05, Skill = 0.77, CodeSkill = 0.7, Obedience = 0.72, Detail = 0.75, Breadth = 0.5, Lists = 0.6, Bold = 0.2,
            Headers = 0.08,
            Opens = 0.5, Closes = 0.5, Hedges = 0.15, Filler = 0.2, Refusals = 0.03, Caution = 0.92, EnglishOnly = 0.18, BreaksOff = 0.02,
        },
        new("cormorant-chat")
        {
            Strength = 0.25, Skill = 0.93, CodeSkill = 0.9, Obedience = 0.95, Detail = 0.4, Breadth = 0.05, Lists = 0.25, Bold = 0.05,
            Headers = 0,
            Opens = 0.03, Closes = 0.05, Hedges = 0.02, Echo = 0, Refusals = 0.005, Caution = 0.9, EnglishOnly = 0.02,
        },
        new("delphin-7b")
        {
            Register = Register.Relaxed, Chatter = 0.1,
            Strength = -0.4, Skill = 0.62, CodeSkill = 0.5, Obedience = 0.5, Detail = 0.6, Breadth = 0.35, Lists = 0.35, Bold = 0.05,
            Headers = 0.02, Fences = 0.5,
            Opens = 0.3, Closes = 0.2, Filler = 0.35, Echo = 0.5, Refusals = 0.04, Caution = 0.7, EnglishOnly = 0.25, Typos = 0.012,
            Repeats = 0.12, BreaksOff = 0.04,
        },
        new("ember-instruct")
        {
            Register = Register.Relaxed, Chatter = 0.4,
            Strength = 0.1, Skill = 0.82, CodeSkill = 0.75, Obedience = 0.7, Detail = 0.8, Breadth = 0.75, Lists = 0.7, Bold = 0.4,
            Headers = 0.1,
            Opens = 0.85, Opening = "open.warm", Closes = 0.75, Closing = "close.warm", Refusals = 0.01, Caution = 0.85, EnglishOnly = 0.08,
        },
        new("fjord-pro")
        {
            Chatter = 0.2,
            Strength = 0.45, Skill = 0.95, CodeSkill = 0.88, Obedience = 0.95, Detail = 0.85, Breadth = 0.7, Lists = 0.4, Bold = 0.15,
            Headers = 0.1,
            Opens = 0.15, Closes = 0.3, Hedges = 0.6, Refusals = 0.06, Caution = 1, EnglishOnly = 0.01,
        },
        new("glasswing-13b")
        {
            Register = Register.Stiff, Chatter = 0.75,
            Strength = -0.15, Skill = 0.72, CodeSkill = 0.6, Obedience = 0.55, Detail = 0.95, Breadth = 0.8, Lists = 0.08, Bold = 0.02,
            Headers = 0, Fences = 0.7,
            Opens = 0.4, Opening = "open.formal", Closes = 0.5, Hedges = 0.2, Filler = 0.7, Echo = 0.1, Refusals = 0.03, Caution = 0.85,
            EnglishOnly = 0.5, Repeats = 0.08,
        },
        new("harrier-code")
        {
            Strength = 0.05, Skill = 0.78, CodeSkill = 0.97, Obedience = 0.85, Detail = 0.6, Breadth = 0.35, Lists = 0.75, Bold = 0.3,
            Headers = 0.3, Fences = 1,
            Opens = 0.1, Closes = 0.1, Refusals = 0.02, Caution = 0.9, EnglishOnly = 0.2,
        },
        new("juniper-2")
        {
            Register = Register.Stiff, Chatter = 0.1,
            Strength = -0.35, Skill = 0.7, CodeSkill = 0.55, Obedience = 0.6, Detail = 0.5, Breadth = 0.25, Lists = 0.3, Bold = 0.02,
            Headers = 0, Fences = 0.4,
            Opens = 0.6, Opening = "ai", Closes = 0.3, Hedges = 0.4, Filler = 0.3, Refusals = 0.17, Caution = 0.97, EnglishOnly = 0.2,
        },
        new("kestrel-nano")
        {
            Register = Register.Relaxed,
            Strength = -0.65, Skill = 0.48, CodeSkill = 0.35, Obedience = 0.4, Detail = 0.45, Breadth = 0.1, Lists = 0.3, Bold = 0.05,
            Headers = 0.02, Fences = 0.45,
            Opens = 0.4, Closes = 0.15, Filler = 0.25, Echo = 0.2, Refusals = 0.05, Caution = 0.55, EnglishOnly = 0.35, Typos = 0.025,
            Repeats = 0.15, BreaksOff = 0.12,
        },
    ];
}
