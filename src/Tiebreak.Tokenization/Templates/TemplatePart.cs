namespace Tiebreak.Tokenization.Templates;

/// <summary>A special token of a template, or the place of a text.</summary>
/// <param name="Id">Id of the special token; unused where the part is a text.</param>
/// <param name="Text">0 for the first text, 1 for the second, -1 for a special token.</param>
/// <param name="TypeId">The segment number that the part's tokens get.</param>
internal readonly record struct TemplatePart(int Id, int Text, int TypeId)
{
    public static TemplatePart Special(int id, int typeId = 0) => new(id, -1, typeId);

    public static TemplatePart Of(int text, int typeId = 0) => new(-1, text, typeId);
}
