namespace Tiebreak.Tokenization.Budgets;

/// <summary>In which order a template shows the texts of a battle.</summary>
public enum TemplateLayout
{
    /// <summary>Turn by turn: prompt, response A, response B.</summary>
    Rounds,

    /// <summary>All prompts, then all responses A, then all responses B.</summary>
    Sections,

    /// <summary>The whole conversation with A, then the whole conversation with B; prompts stand in both.</summary>
    Transcripts,

    /// <summary>
    /// The conversation with one side alone, for judges that read each side apart; see <see cref="BattleFitter.FitReplies"/>.
    /// </summary>
    Reply,
}
