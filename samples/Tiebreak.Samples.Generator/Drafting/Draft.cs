namespace Tiebreak.Samples.Generator.Drafting;

/// <summary>What can be said in answer to a prompt; each model turns it into its own text.</summary>
internal sealed record Draft
{
    /// <summary>The direct answer.</summary>
    public string Lead { get; init; } = "";

    /// <summary>A false direct answer; without one, a mistaken model uses <see cref="Blunder"/>.</summary>
    public string? WrongLead { get; init; }

    /// <summary>A false point that a mistaken model slips in.</summary>
    public string? Blunder { get; init; }

    /// <summary>Further parts, the most important first.</summary>
    public IReadOnlyList<Section> Sections { get; init; } = [];

    /// <summary>How many of the sections no answer leaves out, such as both sides of a comparison.</summary>
    public int Essential { get; init; } = 1;

    /// <summary>Code, a letter, a poem or a table.</summary>
    public Block? Block { get; init; }

    /// <summary>A faulty block.</summary>
    public Block? WrongBlock { get; init; }

    /// <summary>The form that was asked for.</summary>
    public Form Form { get; init; } = Form.Free;

    /// <summary>How many sentences or items were asked for; 0 if the person did not say.</summary>
    public int Count { get; init; }

    /// <summary>True if the best answer declines politely.</summary>
    public bool Sensitive { get; init; }

    /// <summary>True for small talk, which needs no lists and no headings.</summary>
    public bool Chat { get; init; }

    /// <summary>True if the answer is exact, such as a sum or a translation: nothing to hedge.</summary>
    public bool Exact { get; init; }

    /// <summary>The set phrases with which a talkative model comments on single points; without one it does not comment.</summary>
    public string? Comments { get; init; }

    /// <summary>Different answers of the same kind, from short to long; a model takes one that suits it.</summary>
    public IReadOnlyList<Draft> Variants { get; init; } = [];

    /// <summary>The same answer in English, for models that fall back to it.</summary>
    public Draft? InEnglish { get; init; }
}
