using System.Text.RegularExpressions;
using Tiebreak.Transformers.Configuration;

namespace Tiebreak.Transformers.Adapters;

/// <summary>
/// Names of modules in the configuration of an adapter, or of a quantisation. Patterns come from outside: one that is wrong is named, one
/// that runs wild is stopped.
/// </summary>
internal static class PeftPattern
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>True if a name is the module's, or its last parts: <c>q_proj</c> of <c>model.layers.0.self_attn.q_proj</c>.</summary>
    public static bool IsLastPart(string module, string name) =>
        module.EndsWith(name, StringComparison.Ordinal) && (module.Length == name.Length || module[^(name.Length + 1)] == '.');

    /// <summary>A pattern that must match the whole name, as Python's <c>re.fullmatch</c>.</summary>
    /// <param name="config">The configuration, for messages.</param>
    /// <param name="key">The field that it comes from.</param>
    /// <param name="pattern">The pattern.</param>
    /// <exception cref="Core.InputException">No regular expression.</exception>
    public static Regex Whole(ModelConfig config, string key, string pattern)
    {
        try
        {
            return new Regex($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, Longest);
        }
        catch (RegexParseException)
        {
            throw config.Unsupported(key, $"made of regular expressions; {pattern} is none");
        }
    }
}
