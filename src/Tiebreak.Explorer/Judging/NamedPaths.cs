using Tiebreak.Core;

namespace Tiebreak.Explorer.Judging;

/// <summary>Files or folders that were named on the command line, by the last parts of their paths, which requests name them by.</summary>
internal sealed class NamedPaths
{
    private readonly string _what;
    private readonly OrderedDictionary<string, string> _paths = new(StringComparer.Ordinal);

    /// <param name="what">What they are, in the singular: "run".</param>
    /// <param name="paths">The paths.</param>
    /// <exception cref="InputException">Two have one name.</exception>
    public NamedPaths(string what, IEnumerable<string> paths)
    {
        _what = what;
        foreach (var path in paths)
        {
            var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
            if (!_paths.TryAdd(name, path))
                throw new InputException($"Two of what is given as {what} are called {name}. Rename one of them.");
        }
    }

    /// <summary>The names, in the order in which they were given.</summary>
    public IReadOnlyList<string> Names => [.. _paths.Keys];

    /// <summary>The path of a name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public string this[string name] => TryFind(name) ?? throw new InputException(_paths.Count == 0
        ? $"The explorer was started without a {_what}; give `{_what}` FOLDER."
        : $"There is no {_what} \"{name}\"; there are {string.Join(", ", Names)}.");

    /// <summary>The path of a name, or null.</summary>
    public string? TryFind(string name) => _paths.GetValueOrDefault(name);
}
