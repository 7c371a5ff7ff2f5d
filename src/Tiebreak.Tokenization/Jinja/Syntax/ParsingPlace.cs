namespace Tiebreak.Tokenization.Jinja.Syntax;

/// <summary>Where a parser is: what is allowed depends on the blocks around it.</summary>
/// <param name="IsInLoop">Whether <c>break</c> and <c>continue</c> have a loop to end.</param>
/// <param name="IsConditional">
/// Whether it is directly in an <c>if</c>: there a filter or test that does not exist is an error only when it is reached.
/// </param>
/// <param name="Mentioned">
/// For each macro around: which of the names that change what a macro takes were seen in it so far.
/// </param>
internal sealed record ParsingPlace(bool IsInLoop, bool IsConditional, IReadOnlyList<HashSet<string>> Mentioned)
{
    private static readonly string[] Special = ["caller", "varargs", "kwargs"];

    public static ParsingPlace Outermost { get; } = new(IsInLoop: false, IsConditional: false, []);

    public void Mention(string name)
    {
        if (Special.Contains(name, StringComparer.Ordinal))
        {
            foreach (var names in Mentioned)
                names.Add(name);
        }
    }
}
