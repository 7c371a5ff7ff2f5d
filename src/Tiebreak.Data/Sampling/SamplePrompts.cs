namespace Tiebreak.Data.Sampling;

/// <summary>What a sample does with battles about the same prompt (see <see cref="Core.Battles.PromptGroup"/>).</summary>
public enum SamplePrompts
{
    /// <summary>Battles are drawn one by one.</summary>
    Any,

    /// <summary>All battles of a prompt or none: the size of the sample is met only about.</summary>
    Together,

    /// <summary>At most one battle of each prompt.</summary>
    OneEach,
}
