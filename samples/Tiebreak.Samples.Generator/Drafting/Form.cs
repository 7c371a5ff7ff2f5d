namespace Tiebreak.Samples.Generator.Drafting;

/// <summary>What the person asked the answer to look like.</summary>
internal enum Form
{
    /// <summary>Anything goes.</summary>
    Free,

    /// <summary>A given number of sentences.</summary>
    Sentences,

    /// <summary>A list with a given number of items.</summary>
    Bullets,

    /// <summary>Prose without any markup.</summary>
    Prose,
}
