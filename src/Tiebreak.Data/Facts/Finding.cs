namespace Tiebreak.Data.Facts;

/// <summary>
/// Something about single battles that a person should know before training on them. Some findings can be told from the facts of the battle
/// alone; others from its place among all battles: what occurs twice, what a test file shares with training data.
/// </summary>
public sealed class Finding
{
    private Finding(string name, string meaning, Predicate<BattleFacts> predicate)
    {
        (Name, Meaning, Predicate) = (name, meaning, predicate);
        Has = (places, row) => predicate(places.Facts[row]);
    }

    private Finding(string name, string meaning, Func<BattlePlaces, int, bool> has) => (Name, Meaning, Has) = (name, meaning, has);

    /// <summary>All findings, in the order of reports.</summary>
    public static IReadOnlyList<Finding> All { get; } =
    [
        new("blank prompt", "The prompts of all turns are null or only white space.", facts => facts.BlankPrompt),
        new("null response", "A response of some turn is null.", facts => facts.NullResponse),
        new("empty response", "A response of some turn is the empty text. It can still have won.", facts => facts.EmptyResponse),
        new("one side blank", "One side said nothing in any turn.", facts => facts.OneSideBlank),
        new("both sides blank", "Neither side said anything; the verdict is noise.", facts => facts.BothSidesBlank),
        new("identical responses", "Both sides said the same.", facts => facts.Identical),
        new("identical responses with a winner", "Both sides said the same, and yet somebody won: label noise.",
            facts => facts.Identical && facts.HasWinner),
        new("response repeated inside the prompt", "A response of 40 characters or more stands word for word in its prompt.",
            facts => facts.RepeatsPrompt),
        new("one side refuses", "In some turn one side declines the task and the other does not.", facts => facts.OneSideRefuses),
        new("both sides refuse", "In some turn both sides decline the task.", facts => facts.BothSidesRefuse),
        new("speaks as a machine", "A response says that a language model wrote it.", facts => facts.SpeaksAsMachine),
        new("reveals its identity", "A response says which model it is or who made it: the vote may not have been blind.",
            facts => facts.RevealsIdentity),
        new("broken characters", "A text holds the replacement character, for instance in place of a lone surrogate.",
            facts => facts.BrokenCharacters),

        new("repeated prompt", "The opening prompt occurs in other battles as well; keep them in one fold.",
            (places, row) => places.SamePrompt.HasOthers(row)),
        new("prompt also in another file", "The opening prompt occurs in another of the files too.",
            (places, row) => places.SamePrompt.IsInSeveralFiles(row)),
        new("near-duplicate prompt",
            "The prompts resemble those of another battle: Jaccard similarity of five-character runs of 0.8 or more.",
            (places, row) => places.NearPrompt.HasOthers(row)),
        new("near-duplicate prompt in another file", "A battle of another file has prompts that resemble these.",
            (places, row) => places.NearPrompt.IsInSeveralFiles(row)),
        new("repeated battle", "Prompts and responses occurred before, in this or in the other order of A and B.",
            (places, row) => !places.SameTexts.IsFirst(row)),
        new("battle also in another file", "The same prompts and responses stand in another of the files too.",
            (places, row) => places.SameTexts.IsInSeveralFiles(row)),
        new("repeated battle with another verdict", "The same texts were voted on more than once, and people disagreed.",
            (places, row) => places.IsDisputed(row)),
        new("test prompt in training data", "A prompt of the test data occurs in the other files: a leak.",
            (places, row) => places.SamePrompt.IsLeak(row)),
        new("test prompt nearly in training data",
            "A prompt that resembles one of the test data stands in the other files: most likely a leak.",
            (places, row) => places.NearPrompt.IsLeak(row)),
    ];

    /// <summary>What can be found only with a model that tells prompts by their meaning.</summary>
    internal static IReadOnlyList<Finding> OfMeaning { get; } =
    [
        new("prompt of the same meaning", "The prompts mean the same as those of another battle; keep them in one fold.",
            (places, row) => places.AlikePrompt!.HasOthers(row)),
        new("prompt of the same meaning in another file", "A battle of another file has prompts that mean the same.",
            (places, row) => places.AlikePrompt!.IsInSeveralFiles(row)),
        new("test prompt in other words in training data",
            "A prompt that means the same as one of the test data stands in the other files: a leak, in other words or the same.",
            (places, row) => places.AlikePrompt!.IsLeak(row)),
    ];

    /// <summary>The name in tables: <c>one side blank</c>.</summary>
    public string Name { get; }

    /// <summary>What it means, in a sentence or two.</summary>
    public string Meaning { get; }

    /// <summary>The name as a column of a table: <c>one_side_blank</c>.</summary>
    public string Column => Name.Replace(' ', '_').Replace('-', '_');

    /// <summary>Whether a battle with these facts has it; null where the other battles decide.</summary>
    public Predicate<BattleFacts>? Predicate { get; }

    /// <summary>Whether a row of some files has it.</summary>
    internal Func<BattlePlaces, int, bool> Has { get; }
}
