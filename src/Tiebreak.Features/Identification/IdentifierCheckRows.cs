using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core;

namespace Tiebreak.Features.Identification;

/// <summary>
/// The file <c>check.jsonl</c> of an identifier: responses with the probabilities that it gave when it was saved. Opening
/// works them out again.
/// </summary>
internal static class IdentifierCheckRows
{
    public const string FileName = "check.jsonl";

    private const int Count = 16;
    private const int MaxCharacters = 20_000;

    public static void Write(string folder, WriterIdentifier identifier, IReadOnlyList<WrittenResponse> responses)
    {
        var candidates = responses.Where(response => response.Text.Length <= MaxCharacters).ToList();
        var lines = new StringBuilder();
        for (var k = 0; k < Math.Min(Count, candidates.Count); k++)
        {
            var text = candidates[(int)((long)k * candidates.Count / Math.Min(Count, candidates.Count))].Text;
            lines.Append(new JsonObject
            {
                ["response"] = text,
                ["probabilities"] = new JsonArray([.. identifier.Identify(text).Select(p => JsonValue.Create(p))]),
            }.ToJsonString()).Append('\n');
        }

        File.WriteAllText(Path.Combine(folder, FileName), lines.ToString());
    }

    /// <exception cref="InputException">The identifier no longer says what it said.</exception>
    public static void Verify(string folder, WriterIdentifier identifier, IdentifierManifest manifest)
    {
        var path = IdentifierBundle.Layout.CheckRowsOf(folder, manifest, FileName);
        foreach (var (line, number) in File.ReadLines(path).Select((line, index) => (line, index + 1)))
        {
            var (response, saved) = Read(folder, line, number, identifier.Models.Count);
            var difference = identifier.Identify(response).Zip(saved, (now, then) => Math.Abs(now - then)).Max();
            if (!(difference <= manifest.CheckTolerance))
            {
                throw IdentifierBundle.Layout.NotReproduced(
                    folder, manifest, $"a probability for check row {number} differs by {difference:G3} from the saved one");
            }
        }
    }

    private static (string Response, double[] Saved) Read(string folder, string line, int number, int models)
    {
        try
        {
            if (JsonNode.Parse(line) is JsonObject row && (string?)row["response"] is { } response
                && row["probabilities"] is JsonArray values && values.Count == models)
            {
                return (response, [.. values.Select(value => (double)value!)]);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // Said below.
        }

        throw new InputException(
            $"{Path.Combine(folder, FileName)}, line {number} is not a response with {models} probabilities. Train the identifier again.");
    }
}
