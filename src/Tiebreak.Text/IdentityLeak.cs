namespace Tiebreak.Text;

/// <summary>A place where a chatbot says which model it is or who made it.</summary>
/// <param name="Name">The model or maker, as written in the text.</param>
/// <param name="Start">Where the sentence part that says so begins, in UTF-16 units.</param>
/// <param name="Length">Its length in UTF-16 units; it ends with the name.</param>
public readonly record struct IdentityLeak(string Name, int Start, int Length);
