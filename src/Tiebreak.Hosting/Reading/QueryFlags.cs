using Tiebreak.Hosting.Problems;

namespace Tiebreak.Hosting.Reading;

/// <summary>
/// Reads the query of an address. What a route does not know is refused, so that a misspelt name does not pass for the default.
/// </summary>
internal static class QueryFlags
{
    /// <summary>Refuses names that a route does not have.</summary>
    /// <exception cref="ApiException">There is one.</exception>
    public static void RequireOnly(IQueryCollection query, params ReadOnlySpan<string> names)
    {
        foreach (var name in query.Keys)
        {
            if (!names.Contains(name, StringComparer.Ordinal))
            {
                var known = names.Length == 0 ? "it takes none" : $"known are {string.Join(", ", names.ToArray())}";
                throw ApiException.Input($"The address has the unknown parameter \"{name}\"; {known}.");
            }
        }
    }

    /// <summary>Whether a flag is set: <c>true</c>, or <c>false</c> as without it.</summary>
    /// <exception cref="ApiException">It is neither.</exception>
    public static bool Flag(IQueryCollection query, string name) => query[name].ToString() switch
    {
        "" or "false" => false,
        "true" => true,
        var other => throw ApiException.Input($"The parameter \"{name}\" is \"{other}\"; it is true or false."),
    };
}
