namespace Tiebreak.Samples.Generator.Writing;

/// <summary>How a model chooses its words.</summary>
internal enum Register
{
    /// <summary>As the content is written.</summary>
    Neutral,

    /// <summary>Long words.</summary>
    Stiff,

    /// <summary>Contractions and everyday words.</summary>
    Relaxed,
}
