using Tiebreak.Tokenization.Budgets;
using Tiebreak.Tokenization.Chat;
using Tiebreak.Transformers.Configuration;
using Tiebreak.Transformers.Heads;

namespace Tiebreak.Transformers.Judges;

/// <summary>
/// The token behind a conversation whose state some reward models score. It belongs to the model and not to its chat template: their
/// authors' own code puts it there.
/// </summary>
internal static class RewardEnd
{
    // https://arxiv.org/abs/2403.17297: the token that its configuration calls reward_token_id.
    private const string InternLm2 = "<|reward|>";

    /// <summary>The template with that token, where the model has one and the template ends with no words of its own.</summary>
    /// <param name="template">How a conversation is written.</param>
    /// <param name="head">The head.</param>
    /// <param name="model">The model's folder.</param>
    public static BattleTemplate Add(BattleTemplate template, HeadKind head, string model) =>
        head is HeadKind.Reward && template is { IsChat: true, Layout: TemplateLayout.Reply, Closing: "" } && Of(model) is { } end
            ? template with { Closing = end }
            : template;

    private static string? Of(string model)
    {
        var architectures = ModelConfig.Read(model).Architectures;
        if (architectures.Contains("InternLM2ForRewardModel", StringComparer.Ordinal))
            return InternLm2;

        // Athene scores the state of its tokenizer's [CLS].
        return architectures.Contains("AtheneForSequenceClassification", StringComparer.Ordinal)
            ? SpecialTokenFiles.Read(model).GetValueOrDefault("cls_token")
            : null;
    }
}
