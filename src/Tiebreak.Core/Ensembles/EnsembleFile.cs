using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Tiebreak.Core.Bundles;

namespace Tiebreak.Core.Ensembles;

/// <summary>The file <c>ensemble.json</c> of a bundle that consists of other judges.</summary>
internal sealed record EnsembleFile
{
    private const string FileName = "ensemble.json";
    private const int MostMembers = 100;

    /// <summary>The members, in the order of all that belongs to them.</summary>
    public required IReadOnlyList<MemberReference> Members { get; init; }

    /// <summary>How their preferences become one; null for kinds that do not blend.</summary>
    public Blend? Blend { get; init; }

    /// <summary>Up to which entropy, in nats, the first member decides; null for kinds that are no cascades.</summary>
    public double? MaxEntropy { get; init; }

    private static JsonTypeInfo<EnsembleFile> Json => EnsembleJson.Default.EnsembleFile;

    /// <summary>Reads the file of a bundle.</summary>
    /// <exception cref="InputException">It is damaged.</exception>
    public static EnsembleFile Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), Json)!;
            if (file.Members.Count is > 0 and <= MostMembers && file.Members.All(member => member.IsPossible)
                && file.Blend is null or { IsPossible: true } && (file.Blend?.Weights.Count ?? file.Members.Count) == file.Members.Count)
            {
                return file;
            }
        }
        catch (JsonException)
        {
            // Said below, like numbers that no fit gives.
        }

        throw new InputException($"{path} is damaged. Copy the whole bundle again, or make it again.");
    }

    /// <summary>Writes it, and the bundles of the members that lie inside.</summary>
    /// <param name="folder">The ensemble's folder.</param>
    /// <param name="sources">Where each member lies now.</param>
    public void Write(string folder, IReadOnlyList<string> sources)
    {
        for (var k = 0; k < Members.Count; k++)
        {
            if (Members[k].Folder is { } name)
                Bundle.Copy(sources[k], Path.Combine(folder, name));
        }

        File.WriteAllBytes(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, Json));
    }
}

/// <summary>How the files of ensembles are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(EnsembleFile))]
[JsonSerializable(typeof(LinearTop))]
[JsonSerializable(typeof(LinearTopOptions))]
internal sealed partial class EnsembleJson : JsonSerializerContext;
