namespace Tiebreak.Data.Deduplication;

/// <summary>What of two battles is compared.</summary>
public enum DuplicateScope
{
    /// <summary>Prompts and both responses; the same battle with A and B exchanged is a duplicate. Near: runs of three words.</summary>
    Battle,

    /// <summary>The prompts of all turns. Near: runs of five characters, as prompts are short.</summary>
    Prompt,
}
