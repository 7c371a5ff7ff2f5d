using System.Text;
using System.Text.Json;
using Tiebreak.Testing;
using Tiebreak.Tokenization.Chat;
using Tiebreak.Tokenization.Jinja;

namespace Tiebreak.Tokenization.Tests.Jinja;

/// <summary>Templates of published models and small snippets, with what Jinja2 makes of them. See shared/golden/chat/README.md.</summary>
public sealed class GoldenTemplateTests
{
    // The day on which the reference was rendered.
    private static readonly DateTime Now = new(2026, 7, 1, 0, 0, 0, DateTimeKind.Unspecified);

    [Fact]
    public void Published_templates_give_what_Jinja_gives()
    {
        var failures = new List<string>();
        var cases = 0;
        foreach (var file in Directory.EnumerateFiles(Repository.Shared("golden", "chat"), "template-*.json").Order(StringComparer.Ordinal))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            var root = json.RootElement;
            foreach (var item in root.GetProperty("cases").EnumerateArray())
            {
                var variables = Merge(root, item);
                Check(item, $"{root.GetProperty("name")} {item.GetProperty("id")}", failures, () =>
                    ChatTemplate.Parse(root.GetProperty("template").GetString()!).Render(
                        item.GetProperty("messages"), item.GetProperty("add_generation_prompt").GetBoolean(), variables, Now));
                cases++;
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {cases} differ:\n{string.Join('\n', failures)}");
        Assert.True(cases > 1000);
    }

    [Fact]
    public void Snippets_give_what_Jinja_gives()
    {
        var failures = new List<string>();
        foreach (var file in Directory.EnumerateFiles(Repository.Shared("golden", "chat"), "snippets-*.json"))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var item in json.RootElement.GetProperty("snippets").EnumerateArray())
            {
                Check(item, item.GetProperty("id").GetString()!, failures, () =>
                    ChatTemplate.Parse(item.GetProperty("template").GetString()!).Render(item.GetProperty("variables"), Now));
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static void Check(JsonElement item, string id, List<string> failures, Func<string> render)
    {
        var expected = item.TryGetProperty("rendered", out var text) ? text.GetString() : null;
        try
        {
            var actual = render();
            if (!string.Equals(actual, expected, StringComparison.Ordinal))
                failures.Add($"{id}: {Difference(expected ?? "an error", actual)}");
        }
        catch (JinjaException exception)
        {
            if (expected is not null)
            {
                failures.Add($"{id}: {exception.Message}");
            }
            else if (item.GetProperty("error") is var error && error.GetProperty("message_exact").GetBoolean()
                && !string.Equals(exception.Message, error.GetProperty("message").GetString(), StringComparison.Ordinal))
            {
                failures.Add($"{id}: the message is \"{exception.Message}\"");
            }
        }
    }

    private static string Difference(string expected, string actual)
    {
        var same = expected.AsSpan().CommonPrefixLength(actual);
        return $"at {same} \"{Part(expected)}\" was expected, but there is \"{Part(actual)}\"";

        string Part(string text) => text.Substring(same, Math.Min(60, text.Length - same));
    }

    // As the reference does: special tokens, overlaid by the case's own variables.
    private static JsonElement Merge(JsonElement template, JsonElement item)
    {
        var merged = new StringBuilder("{");
        foreach (var source in new[] { template, item })
        {
            foreach (var name in new[] { "special_tokens", "tools", "documents", "extra_variables" })
            {
                if (!source.TryGetProperty(name, out var value))
                    continue;
                if (name is "tools" or "documents")
                    Add(name, value);
                else
                    value.EnumerateObject().ToList().ForEach(member => Add(member.Name, member.Value));
            }
        }

        using var document = JsonDocument.Parse(merged.Append('}').ToString());
        return document.RootElement.Clone();

        void Add(string name, JsonElement value) =>
            merged.Append(merged.Length > 1 ? "," : "").Append(JsonSerializer.Serialize(name)).Append(':').Append(value.GetRawText());
    }
}
