namespace Tiebreak.Ratings.Routing;

/// <summary>Whether a policy looks at prompts.</summary>
public enum PromptUse
{
    /// <summary>
    /// Only if that predicts held-out votes better, by the upper end of the 95 % interval of the paired difference in log loss.
    /// </summary>
    Auto,

    /// <summary>In any case.</summary>
    Always,

    /// <summary>Not at all: one choice for all prompts, but for their lengths.</summary>
    Never,
}
