using System.Text.RegularExpressions;
using Tiebreak.Core;

namespace Tiebreak.Hubs;

/// <summary>A repository of models or data on a hub.</summary>
public sealed partial record HubRepository
{
    private HubRepository(string kind, string name, string page)
    {
        if (!NamePattern().IsMatch(name))
            throw new InputException($"\"{name}\" is no name of a repository. It looks like OWNER/NAME.");
        (Kind, Name, Page) = (kind, name, page);
    }

    /// <summary><c>OWNER/NAME</c>.</summary>
    public string Name { get; }

    /// <summary>The path of its page on the hub, without a leading slash.</summary>
    internal string Page { get; }

    /// <summary><c>models</c> or <c>datasets</c>, as the hub's API says.</summary>
    internal string Kind { get; }

    /// <summary>A repository of a model.</summary>
    /// <exception cref="InputException">The name is not of the form OWNER/NAME.</exception>
    public static HubRepository Model(string name) => new("models", name, name);

    /// <summary>A repository of data.</summary>
    /// <exception cref="InputException">The name is not of the form OWNER/NAME.</exception>
    public static HubRepository DataSet(string name) => new("datasets", name, $"datasets/{name}");

    [GeneratedRegex(
        @"^[A-Za-z0-9_][A-Za-z0-9._-]{0,95}/[A-Za-z0-9_][A-Za-z0-9._-]{0,95}\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();
}
