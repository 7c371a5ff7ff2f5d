using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Tiebreak.Cli.Output.Identify;
using Tiebreak.Cli.Verbs;
using Tiebreak.Cli.Verbs.Data;
using Tiebreak.Cli.Verbs.Model;
using Tiebreak.Core.Json;

namespace Tiebreak.Cli.Output;

/// <summary>Results of verbs that no use case returns, as JSON: names in snake_case, null for numbers that do not exist.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    Converters = [typeof(FiniteNumberConverter), typeof(IntervalConverter)])]
[JsonSerializable(typeof(DetachedRun))]
[JsonSerializable(typeof(EmbeddedBattles))]
[JsonSerializable(typeof(ErrorReport))]
[JsonSerializable(typeof(FetchedModel))]
[JsonSerializable(typeof(FetchedPackage))]
[JsonSerializable(typeof(FetchedSet))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(IdentificationReport))]
[JsonSerializable(typeof(IdentifiedResponses))]
[JsonSerializable(typeof(IdentifiedTexts))]
[JsonSerializable(typeof(IdentifierTrainingReport))]
[JsonSerializable(typeof(KeyChange))]
[JsonSerializable(typeof(LedgerChange))]
[JsonSerializable(typeof(OfferedSets))]
[JsonSerializable(typeof(QuickstartResult))]
[JsonSerializable(typeof(RenderedChats))]
[JsonSerializable(typeof(ServedApi))]
[JsonSerializable(typeof(TinyModel))]
[JsonSerializable(typeof(TokenizedTexts))]
internal sealed partial class CommandJson : JsonSerializerContext
{
    /// <summary>Letters of all languages stay as they are.</summary>
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>A value as the command prints it: indented.</summary>
    public static string Format<T>(T value, JsonTypeInfo<T> type) => Format(json => JsonSerializer.Serialize(json, value, type));

    /// <summary>What somebody writes, as the command prints it.</summary>
    public static string Format(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = Encoder }))
            write(json);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
