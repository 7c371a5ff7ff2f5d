namespace Tiebreak.Samples.Generator.Writing;

/// <summary>One response with what the hidden preference model knows about it.</summary>
internal sealed record Reply(string? Text)
{
    /// <summary>True if the content is right and nothing false was slipped in.</summary>
    public bool Correct { get; init; } = true;

    /// <summary>True if a harmless request was refused.</summary>
    public bool Refused { get; init; }

    /// <summary>True if it answers in English to a question in another language.</summary>
    public bool WrongLanguage { get; init; }

    /// <summary>True if it keeps to the form that was asked for.</summary>
    public bool KeptForm { get; init; } = true;

    /// <summary>True if it breaks off or repeats itself.</summary>
    public bool Damaged { get; init; }

    /// <summary>Number of typing errors.</summary>
    public int Typos { get; init; }

    /// <summary>Number of list items, bold words, headings and fences.</summary>
    public int Marks { get; init; }

    /// <summary>True if there is nothing to read.</summary>
    public bool Missing => string.IsNullOrEmpty(Text);
}
