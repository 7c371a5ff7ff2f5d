using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Tiebreak.Core.Judging;

/// <summary>How a judge is to be trained: its kind and the options of that kind.</summary>
/// <param name="Kind">The judge kind, which says what <paramref name="Options"/> may hold.</param>
/// <param name="Options">The options by name. What is left out has the kind's default.</param>
public sealed record Recipe(string Kind, JsonObject Options)
{
    /// <summary>
    /// Keys that recipes of every kind have and that are not among the options; a message about an unknown key may suggest them.
    /// </summary>
    public IReadOnlyList<string> CommonKeys { get; init; } = [];

    /// <summary>Reads the options into the record of a judge kind.</summary>
    /// <param name="type">Serialisation data of the options record.</param>
    /// <param name="defaults">The values of what the recipe leaves out; its names are the only ones allowed.</param>
    /// <exception cref="InputException">An unknown option, or a value of the wrong type.</exception>
    public T Bind<T>(JsonTypeInfo<T> type, T defaults)
    {
        var resolved = JsonSerializer.SerializeToNode(defaults, type)!.AsObject();
        Overlay(resolved, Options, path: "", resolved);
        try
        {
            return resolved.Deserialize(type)!;
        }
        catch (JsonException exception)
        {
            var key = exception.Path?.TrimStart('$', '.');
            throw new InputException($"The recipe's key \"{key}\" has a value of the wrong type.", exception);
        }
    }

    private void Overlay(JsonObject target, JsonObject options, string path, JsonObject all)
    {
        foreach (var (name, value) in options)
        {
            if (!target.TryGetPropertyValue(name, out var known))
            {
                var nearest = NearestNames.Of(path + name, [.. PathsOf(all, ""), .. CommonKeys]);
                throw new InputException(
                    $"The recipe has the unknown key \"{path}{name}\". The nearest of kind \"{Kind}\" are {string.Join(", ", nearest)}.");
            }

            if (known is JsonObject section)
            {
                var inner = value as JsonObject
                    ?? throw new InputException($"The recipe's key \"{path}{name}\" is a section: give its options below it, by name.");
                Overlay(section, inner, $"{path}{name}.", all);
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }

    private static IEnumerable<string> PathsOf(JsonObject section, string path) => section.SelectMany(
        property => PathsOf(property.Value as JsonObject ?? [], $"{path}{property.Key}.").Prepend(path + property.Key));
}
