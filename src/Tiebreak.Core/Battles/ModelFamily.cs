namespace Tiebreak.Core.Battles;

/// <summary>
/// Families of models by name: what stands before the first sign or digit, without an organisation ("google/flan-t5-xxl" is of "flan",
/// "gpt-4-0613" and "gpt-3.5-turbo" of "gpt", "Llama 2 70B" of "llama"), in lower case. A name without any such letters is a family by
/// itself.
/// </summary>
internal static class ModelFamily
{
    /// <summary>The family of a model.</summary>
    public static string Of(string model)
    {
        var name = model.AsSpan(model.LastIndexOf('/') + 1).Trim();
        var length = 0;
        while (length < name.Length && char.IsLetter(name[length]))
            length++;
        return length == 0 ? model.ToLowerInvariant() : name[..length].ToString().ToLowerInvariant();
    }
}
