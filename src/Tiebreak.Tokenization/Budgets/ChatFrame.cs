namespace Tiebreak.Tokenization.Budgets;

/// <summary>What a chat model's template puts around one message of the user, up to where the answer begins.</summary>
/// <param name="Marker">A token by which a vocabulary shows that it is meant for this frame.</param>
/// <param name="Before">Text before the message; special tokens in it are parsed.</param>
/// <param name="After">Text behind the message.</param>
/// <param name="AnswerEnd">Text behind the answer.</param>
internal sealed record ChatFrame(string Marker, string Before, string After, string AnswerEnd)
{
    /// <summary>The frames of the field, in the order in which a vocabulary is asked for their markers.</summary>
    public static IReadOnlyList<ChatFrame> Known { get; } =
    [
        new("<|im_start|>", "<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n", "<|im_end|>\n"),
        new("<start_of_turn>", "<start_of_turn>user\n", "<end_of_turn>\n<start_of_turn>model\n", "<end_of_turn>\n"),
        new(
            "<|start_header_id|>",
            "<|start_header_id|>user<|end_header_id|>\n\n",
            "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
            "<|eot_id|>"),
        new("<|user|>", "<|user|>\n", "<|end|>\n<|assistant|>\n", "<|end|>\n"),
        new("[INST]", "[INST] ", " [/INST]", "</s>"),
    ];

    /// <summary>The frame that a tokenizer's vocabulary is meant for, or null.</summary>
    public static ChatFrame? Of(Tokenizer tokenizer) => Known.FirstOrDefault(frame => tokenizer.IdOf(frame.Marker) is not null);
}
