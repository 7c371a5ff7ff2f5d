using Tiebreak.Core.Battles;
using Tiebreak.Text;

namespace Tiebreak.Data.Facts;

/// <summary>
/// What reports need to know of one battle, without its texts. Findings, slices, audits and leaderboards read these facts, so that each is
/// worked out once. <see cref="FactColumn.All"/> gives them names and types for tables.
/// </summary>
/// <remarks>
/// Takes about 190 bytes; the strings are those of the battle. Some facts take a close reading of the texts, which is most of the time;
/// see <see cref="Of"/>. They throw an <see cref="InvalidOperationException"/> where the texts were not read.
/// </remarks>
public sealed record BattleFacts
{
    /// <summary>The battle's id within its file.</summary>
    public required string Id { get; init; }

    /// <summary>The model behind side A, or null where unknown.</summary>
    public string? ModelA { get; init; }

    /// <summary>The model behind side B, or null where unknown.</summary>
    public string? ModelB { get; init; }

    /// <summary>The vote, or null for a battle that nobody has voted on.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>The number of turns.</summary>
    public required int Turns { get; init; }

    /// <summary>UTF-16 units of the prompts of all turns.</summary>
    public required int PromptLength { get; init; }

    /// <summary>UTF-16 units of the responses of side A in all turns.</summary>
    public required int LengthA { get; init; }

    /// <summary>UTF-16 units of the responses of side B in all turns.</summary>
    public required int LengthB { get; init; }

    /// <summary>Tokens of all texts, as the <see cref="TokenCounter"/> counts them.</summary>
    public int Tokens => Read.Tokens;

    /// <summary>The language as the data states it, and identified from the texts where it does not.</summary>
    public string Language => Read.Language;

    /// <summary>The data set that the battle comes from, or null.</summary>
    public string? Source { get; init; }

    /// <summary>What the source files the conversation under, or null.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>The licence of that data set, or null.</summary>
    public string? License { get; init; }

    /// <summary>When the vote was cast, or null.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The key of the battle's <see cref="PromptGroup"/>: equal for battles about the same opening prompt.</summary>
    public required ContentKey PromptKey { get; init; }

    /// <summary>The key of all texts: equal for the same battle, also with A and B exchanged.</summary>
    public ContentKey ContentKey => Read.ContentKey;

    /// <summary>
    /// Whether <see cref="ContentKey"/> takes side B first: battles with equal keys that differ here have A and B exchanged.
    /// </summary>
    public bool ContentSwapped => Read.ContentSwapped;

    /// <summary>The prompts of all turns are null or white space.</summary>
    public bool BlankPrompt { get; init; }

    /// <summary>A response of some turn is null.</summary>
    public bool NullResponse { get; init; }

    /// <summary>A response of some turn is the empty text.</summary>
    public bool EmptyResponse { get; init; }

    /// <summary>One side said nothing in any turn, and the other did.</summary>
    public bool OneSideBlank { get; init; }

    /// <summary>Neither side said anything.</summary>
    public bool BothSidesBlank { get; init; }

    /// <summary>Both sides said the same in every turn.</summary>
    public bool Identical { get; init; }

    /// <summary>A response of 40 characters or more stands word for word in its prompt.</summary>
    public bool RepeatsPrompt => Read.RepeatsPrompt;

    /// <summary>In some turn one side refuses the task and the other does not.</summary>
    public bool OneSideRefuses => Read.OneSideRefuses;

    /// <summary>In some turn both sides refuse the task.</summary>
    public bool BothSidesRefuse => Read.BothSidesRefuse;

    /// <summary>A response says that a language model wrote it.</summary>
    public bool SpeaksAsMachine => Read.SpeaksAsMachine;

    /// <summary>A response says which model it is or who made it.</summary>
    public bool RevealsIdentity => Read.RevealsIdentity;

    /// <summary>A text holds the replacement character U+FFFD.</summary>
    public bool BrokenCharacters => Read.BrokenCharacters;

    /// <summary>Somebody won the vote.</summary>
    public bool HasWinner => Verdict is Core.Battles.Verdict.A or Core.Battles.Verdict.B;

    /// <summary>What reading the texts tells, or null where they were not read.</summary>
    internal TextFacts? Texts { get; init; }

    private TextFacts Read => Texts ?? throw new InvalidOperationException("The texts were not read for these facts.");

    /// <summary>Works out the facts of battles.</summary>
    /// <param name="battles">The battles.</param>
    /// <param name="threads">Threads to use, at least 1; the result does not depend on it.</param>
    /// <param name="tokens">Counts tokens; the estimate where null.</param>
    /// <param name="readsTexts">False to leave out the facts that take a close reading, and most of the time.</param>
    /// <param name="cancellationToken">Stops between battles.</param>
    /// <returns>The facts in the order of the battles.</returns>
    public static BattleFacts[] Of(
        IReadOnlyList<Battle> battles,
        int threads,
        TokenCounter? tokens = null,
        bool readsTexts = true,
        CancellationToken cancellationToken = default)
    {
        tokens ??= TokenCounter.Estimate;
        var facts = new BattleFacts[battles.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, facts.Length, options, i => facts[i] = BattleReading.Outline(battles[i]) with
        {
            Texts = readsTexts ? BattleReading.Read(battles[i], tokens) : null,
        });
        return facts;
    }
}

/// <summary>What reading the texts of a battle tells; see <see cref="BattleFacts"/>.</summary>
internal sealed record TextFacts
{
    public required int Tokens { get; init; }

    public required string Language { get; init; }

    public required ContentKey ContentKey { get; init; }

    public required bool ContentSwapped { get; init; }

    public bool RepeatsPrompt { get; init; }

    public bool OneSideRefuses { get; init; }

    public bool BothSidesRefuse { get; init; }

    public bool SpeaksAsMachine { get; init; }

    public bool RevealsIdentity { get; init; }

    public bool BrokenCharacters { get; init; }
}
