namespace Tiebreak.Tokenization.Templates;

/// <summary>Which special tokens a tokenizer puts around a text, and around two.</summary>
internal sealed record SpecialTokensTemplate
{
    /// <summary>No special tokens; the second of two texts has segment number 1.</summary>
    public static SpecialTokensTemplate None { get; } = Around([], []);

    /// <summary>Around one text.</summary>
    public required TemplatePart[] Single { get; init; }

    /// <summary>Around two.</summary>
    public required TemplatePart[] Pair { get; init; }

    /// <summary>Whether places of byte-level tokens leave the spaces at their ends out.</summary>
    public bool TrimsPlaces { get; init; }

    /// <summary>Whether the first token's space was put there by the tokenizer.</summary>
    public bool HasPrefixSpace { get; init; }

    /// <summary>Tokens before and behind every text, as BOS and EOS are.</summary>
    public static SpecialTokensTemplate Around(int[] before, int[] after) => new()
    {
        Single = Surround(0, before, after),
        Pair = [.. Surround(0, before, after), .. Surround(1, before, after)],
    };

    /// <summary>BERT's: [CLS] A [SEP], and [CLS] A [SEP] B [SEP] with segment numbers 0 and 1.</summary>
    public static SpecialTokensTemplate Bert(int cls, int sep) => new()
    {
        Single = [TemplatePart.Special(cls), TemplatePart.Of(0), TemplatePart.Special(sep)],
        Pair =
        [
            TemplatePart.Special(cls), TemplatePart.Of(0), TemplatePart.Special(sep), TemplatePart.Of(1, 1), TemplatePart.Special(sep, 1),
        ],
    };

    /// <summary>RoBERTa's: &lt;s&gt; A &lt;/s&gt;, and &lt;s&gt; A &lt;/s&gt;&lt;/s&gt; B &lt;/s&gt;, one segment.</summary>
    public static SpecialTokensTemplate Roberta(int cls, int sep) => new()
    {
        Single = [TemplatePart.Special(cls), TemplatePart.Of(0), TemplatePart.Special(sep)],
        Pair =
        [
            TemplatePart.Special(cls), TemplatePart.Of(0), TemplatePart.Special(sep),
            TemplatePart.Special(sep), TemplatePart.Of(1), TemplatePart.Special(sep),
        ],
    };

    private static TemplatePart[] Surround(int text, int[] before, int[] after) =>
    [
        .. before.Select(id => TemplatePart.Special(id, text)), TemplatePart.Of(text, text),
        .. after.Select(id => TemplatePart.Special(id, text)),
    ];
}

/// <summary>A special token of a template, or the place of a text.</summary>
/// <param name="Id">Id of the special token; unused where the part is a text.</param>
/// <param name="Text">0 for the first text, 1 for the second, -1 for a special token.</param>
/// <param name="TypeId">The segment number that the part's tokens get.</param>
internal readonly record struct TemplatePart(int Id, int Text, int TypeId)
{
    public static TemplatePart Special(int id, int typeId = 0) => new(id, -1, typeId);

    public static TemplatePart Of(int text, int typeId = 0) => new(-1, text, typeId);
}
