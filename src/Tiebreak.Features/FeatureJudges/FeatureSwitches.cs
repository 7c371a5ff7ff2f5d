namespace Tiebreak.Features.FeatureJudges;

/// <summary>Which groups of features a judge uses.</summary>
internal sealed record FeatureSwitches
{
    /// <summary>How long the responses are.</summary>
    public bool Length { get; init; } = true;

    /// <summary>What kinds of characters and words they are made of.</summary>
    public bool Statistics { get; init; } = true;

    /// <summary>How hard they are to read.</summary>
    public bool Readability { get; init; } = true;

    /// <summary>How they are formatted.</summary>
    public bool Markdown { get; init; } = true;

    /// <summary>How much code they hold.</summary>
    public bool Code { get; init; } = true;

    /// <summary>Refusals, apologies, and how they sound.</summary>
    public bool Phrases { get; init; } = true;

    /// <summary>Signs of careless writing.</summary>
    public bool Grammar { get; init; } = true;

    /// <summary>What they share with the prompt and with each other.</summary>
    public bool Similarity { get; init; } = true;

    /// <summary>Whether they answer in the language of the prompt.</summary>
    public bool Language { get; init; } = true;

    /// <summary>The last turn apart from the others.</summary>
    public bool Turns { get; init; } = true;

    /// <summary>What was asked.</summary>
    public bool Prompt { get; init; } = true;

    /// <summary>Whether looks fade out where they are the difference or a refusal decides; see <see cref="Counted.StyleFading"/>.</summary>
    public bool StyleFree { get; init; }

    /// <summary>A linear model over the TF-IDF of words and word pairs, out of fold.</summary>
    public bool Terms { get; init; } = true;

    /// <summary>A linear model over the TF-IDF of runs of characters, out of fold.</summary>
    public bool Characters { get; init; }

    /// <summary>The average class probability per word, out of fold.</summary>
    public bool WordClasses { get; init; } = true;

    /// <summary>Word vectors trained on the data: closeness in meaning, and a linear model, out of fold.</summary>
    public bool Vectors { get; init; } = true;

    /// <summary>
    /// Which models seem to have written the responses and how strong those are, out of fold; needs data with model names.
    /// </summary>
    public bool Models { get; init; }

    /// <summary>What a language model made of the battle, out of fold; needs battles with pooled states.</summary>
    public bool States { get; init; }

    /// <summary>Numbers that the battles bring along; needs battles with numbers.</summary>
    public bool Numbers { get; init; }
}
