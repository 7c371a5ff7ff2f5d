using System.Text.Json;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Core.Json;

namespace Tiebreak.Torch.Checkpoints;

/// <summary>The index of a checkpoint in several files (<c>model.safetensors.index.json</c>): which tensor lies in which shard.</summary>
internal static class ShardIndex
{
    private const long MostBytes = 256 << 20;

    /// <summary>Names of tensors, and the file of each.</summary>
    /// <exception cref="InputException">Not an index, or one that points out of its folder.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        if (FileSize.Of(path) > MostBytes)
            throw new InputException($"{path} is larger than any index of shards.");
        ForeignContent.Refuse(path);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { AllowDuplicateProperties = false });
            JsonText.RequireUnicode(document.RootElement);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
            {
                throw new InputException($"{path} has no weight_map, so it is no index of shards.");
            }

            var files = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var property in map.EnumerateObject())
            {
                var file = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : "";
                if (file.Length == 0 || file is "." or ".." || file.AsSpan().IndexOfAny('/', '\\', '\0') >= 0)
                    throw new InputException($"{path} places {property.Name} in \"{file}\", which is no file beside it.");
                files.Add(property.Name, file);
            }

            return files;
        }
        catch (JsonException exception)
        {
            throw new InputException($"{path} is no index of shards: {JsonText.Reason(exception)}", exception);
        }
        catch (InvalidOperationException exception)
        {
            throw new InputException($"{path} is no index of shards: a name in it is not Unicode.", exception); // comparing names throws it
        }
    }
}
