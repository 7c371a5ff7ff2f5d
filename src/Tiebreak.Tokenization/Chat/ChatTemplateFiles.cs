using System.Text;
using System.Text.Json;
using Tiebreak.Tokenization.Formats;

namespace Tiebreak.Tokenization.Chat;

/// <summary>Where the chat templates of a model's folder are, in the order in which transformers looks for them.</summary>
internal static class ChatTemplateFiles
{
    private const string Default = "default";

    /// <summary>The templates by name; none where the folder has none.</summary>
    /// <exception cref="Core.InputException">A file is damaged.</exception>
    public static IReadOnlyDictionary<string, string> Read(string folder)
    {
        var templates = new Dictionary<string, string>(StringComparer.Ordinal);
        AddFile(Default, Path.Combine(folder, "chat_template.jinja"));
        var more = Path.Combine(folder, "additional_chat_templates");
        if (Directory.Exists(more))
        {
            foreach (var file in Directory.EnumerateFiles(more, "*.jinja").Order(StringComparer.Ordinal))
                AddFile(Path.GetFileNameWithoutExtension(file), file);
        }

        foreach (var name in new[] { "tokenizer_config.json", "chat_template.json" })
        {
            var file = Path.Combine(folder, name);
            if (templates.Count == 0 && File.Exists(file))
                AddAll(JsonPart.Parse(FileContent.Read(file), file)["chat_template"]);
        }

        return templates;

        void AddFile(string name, string file)
        {
            if (File.Exists(file))
                templates[name] = Encoding.UTF8.GetString(FileContent.Read(file));
        }

        // One template, or a list of named ones.
        void AddAll(JsonPart json)
        {
            if (json.Element.ValueKind is JsonValueKind.Array)
            {
                foreach (var item in json.Items())
                    templates[item["name"].Text()] = item["template"].Text();
            }
            else if (json.IsPresent)
            {
                templates[Default] = json.Text();
            }
        }
    }
}
