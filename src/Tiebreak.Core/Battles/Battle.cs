namespace Tiebreak.Core.Battles;

/// <summary>One conversation held with two chatbots at once, and what the person thought of it in the end.</summary>
public sealed record Battle
{
    /// <summary>Identity within its file, as written there (ids exceed Int32 and may be text).</summary>
    public required string Id { get; init; }

    /// <summary>The exchanges, oldest first. Empty only for a test row whose texts could not be read.</summary>
    public required IReadOnlyList<Turn> Turns { get; init; }

    /// <summary>The model behind side A, where known. Never shown to a judge.</summary>
    public string? ModelA { get; init; }

    /// <summary>The model behind side B, where known. Never shown to a judge.</summary>
    public string? ModelB { get; init; }

    /// <summary>The vote, or null for a battle that nobody has voted on.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>
    /// A label in probabilities (several votes, or a stronger judge's opinion). It wins over <see cref="Verdict"/> in training.
    /// </summary>
    public Preference? SoftLabel { get; init; }

    /// <summary>Language of the conversation as the source names it.</summary>
    public string? Language { get; init; }

    /// <summary>When the vote was cast.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>
    /// The single votes behind the verdict, as the source writes them: a word for the verdict, in brackets how strong it is where the
    /// source grades it (<c>model_a (3)</c>).
    /// </summary>
    public IReadOnlyList<string>? Annotators { get; init; }

    /// <summary>
    /// Who cast each of <see cref="Annotators"/>, in their order, or who gave the verdict where there are none; null where the source does
    /// not say.
    /// </summary>
    public IReadOnlyList<string>? AnnotatorIds { get; init; }

    /// <summary>What the source files the conversation under (categories, subsets, domains); a battle can have several.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>The data set that the battle comes from.</summary>
    public string? Source { get; init; }

    /// <summary>The licence of the data set that the battle comes from, in its publisher's words.</summary>
    public string? License { get; init; }

    /// <summary>What a language model made of the battle, where that was worked out beforehand.</summary>
    public PooledStates? States { get; init; }

    /// <summary>
    /// Numbers about the battle that were worked out beforehand, by name: rubric scores, rewards, checked facts, seconds. A name that ends
    /// in <c>_a</c> or <c>_b</c> belongs to that side, every other one to the battle as a whole. Null where there are none; a number that
    /// is not known is left out.
    /// </summary>
    public IReadOnlyDictionary<string, double>? Numbers { get; init; }

    /// <summary>What a judge should learn from this battle: the soft label, else the verdict, else nothing.</summary>
    public Preference? Target => SoftLabel ?? (Verdict is { } verdict ? Preference.Certain(verdict.ToOutcome()) : null);

    /// <summary>
    /// The same battle with A and B exchanged everywhere. <see cref="Annotators"/> name sides in the source's own words and are dropped.
    /// </summary>
    public Battle Swapped() => this with
    {
        Turns = [.. Turns.Select(turn => turn.Swapped())],
        ModelA = ModelB,
        ModelB = ModelA,
        Verdict = Verdict?.Swapped(),
        SoftLabel = SoftLabel?.Swapped(),
        States = States?.Swapped(),
        Numbers = BattleNumbers.Swapped(Numbers),
        Annotators = null,
        AnnotatorIds = Annotators is null ? AnnotatorIds : null,
    };
}
