using Tiebreak.Core;
using Tiebreak.Tokenization.Chat;

namespace Tiebreak.Transformers.Judges;

/// <summary>The chat template that a judge over a chat model writes battles with.</summary>
internal static class JudgeChatTemplate
{
    /// <summary>The value of the recipe's key that asks for the turn markers of the vocabulary instead.</summary>
    public const string Vocabulary = "vocabulary";

    /// <summary>
    /// The template that a recipe names, else that of the tokenizer's folder, else that of the model's; null where there is none or it is
    /// not wanted.
    /// </summary>
    /// <exception cref="InputException">The template cannot be read.</exception>
    public static ChatTemplate? Find(JudgeRecipe recipe, string tokenizer)
    {
        var options = recipe.Options;
        if (!recipe.Template.IsChat || options.ChatTemplate is Vocabulary)
            return null;
        if (options.ChatTemplate is { } file)
            return ChatTemplate.Read(file, Directory.Exists(tokenizer) ? tokenizer : options.Model!);
        return (Directory.Exists(tokenizer) ? ChatTemplate.Find(tokenizer) : null) ?? ChatTemplate.Find(options.Model!);
    }

    /// <summary>Where the words around a conversation come from, for the report; null for judges that write no chat.</summary>
    public static string? Origin(JudgeRecipe recipe, ChatTemplate? template) => !recipe.Template.IsChat ? null
        : template is null ? Vocabulary
        : recipe.Options.ChatTemplate is null ? "folder" : "file";
}
