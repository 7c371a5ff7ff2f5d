using System.Text.Json;
using System.Text.Json.Nodes;
using Tiebreak.Core;

namespace Tiebreak.Tokenization.Budgets;

/// <summary>Templates as data: every key is a property of <see cref="BattleTemplate"/> in snake case; what is not there is empty.</summary>
internal static class TemplateJson
{
    private const string Resource = "Tiebreak.Tokenization.Budgets.templates.json";

    private static readonly Dictionary<string, TemplateLayout> Layouts = new(StringComparer.Ordinal)
    {
        ["rounds"] = TemplateLayout.Rounds,
        ["sections"] = TemplateLayout.Sections,
        ["transcripts"] = TemplateLayout.Transcripts,
        ["reply"] = TemplateLayout.Reply,
    };

    public static IReadOnlyDictionary<string, BattleTemplate> BuiltIn()
    {
        using var stream = typeof(TemplateJson).Assembly.GetManifestResourceStream(Resource)!;
        return JsonNode.Parse(stream)!.AsObject()
            .ToDictionary(template => template.Key, template => Read(template.Key, template.Value!.AsObject()), StringComparer.Ordinal);
    }

    /// <exception cref="InputException">A key is unknown, or its value impossible.</exception>
    public static BattleTemplate Read(string name, JsonObject keys)
    {
        var template = keys.Aggregate(new BattleTemplate { Name = name }, (template, key) => key.Key switch
        {
            "layout" => template with { Layout = Layout(name, key.Value) },
            "opening" => template with { Opening = Text(name, key) },
            "prompt_label" => template with { PromptLabel = Text(name, key) },
            "response_a_label" => template with { ResponseALabel = Text(name, key) },
            "response_b_label" => template with { ResponseBLabel = Text(name, key) },
            "turn_label" => template with { TurnLabel = Text(name, key) },
            "body_end" => template with { BodyEnd = Text(name, key) },
            "closing" => template with { Closing = Text(name, key) },
            "is_chat" => template with { IsChat = Flag(name, key) },
            "is_encoder" => template with { IsEncoder = Flag(name, key) },
            "omits_beginning" => template with { OmitsBeginning = Flag(name, key) },
            _ => throw new InputException(
                $"The template {name} has the unknown key \"{key.Key}\". Known are layout, opening, prompt_label, response_a_label, "
                + "response_b_label, turn_label, body_end, closing, is_chat, is_encoder and omits_beginning."),
        });
        if (template is { IsEncoder: true, OmitsBeginning: true })
            throw new InputException($"The template {name} is for encoders, whose first token heads read; leave \"omits_beginning\" out.");
        return template is { IsEncoder: true, Layout: not (TemplateLayout.Sections or TemplateLayout.Reply) }
            ? throw new InputException($"The template {name} is for encoders, which need \"layout: sections\" or \"layout: reply\".")
            : template;
    }

    /// <summary>The keys that <see cref="Read"/> makes the template of; what is empty is left out.</summary>
    public static JsonObject Write(BattleTemplate template)
    {
        var keys = new JsonObject { ["layout"] = Layouts.First(layout => layout.Value == template.Layout).Key };
        foreach (var (key, text) in new[]
        {
            ("opening", template.Opening), ("prompt_label", template.PromptLabel), ("response_a_label", template.ResponseALabel),
            ("response_b_label", template.ResponseBLabel),
            ("turn_label", template.TurnLabel), ("body_end", template.BodyEnd), ("closing", template.Closing),
        })
        {
            if (text.Length > 0)
                keys[key] = text;
        }

        if (template.IsChat)
            keys["is_chat"] = true;
        if (template.IsEncoder)
            keys["is_encoder"] = true;
        if (template.OmitsBeginning)
            keys["omits_beginning"] = true;
        return keys;
    }

    private static TemplateLayout Layout(string name, JsonNode? value) => Layouts.TryGetValue(value?.ToString() ?? "", out var layout)
        ? layout
        : throw new InputException($"The template {name} has the layout \"{value}\"; it must be {string.Join(", ", Layouts.Keys)}.");

    private static string Text(string name, KeyValuePair<string, JsonNode?> key) => key.Value?.GetValueKind() is JsonValueKind.String
        ? key.Value.GetValue<string>()
        : throw new InputException($"The template {name} has the key \"{key.Key}\" with a value that is no text. Put it in quotes.");

    private static bool Flag(string name, KeyValuePair<string, JsonNode?> key) => key.Value?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new InputException($"The template {name} has the key \"{key.Key}\" with a value that is neither true nor false."),
    };
}
