using System.Text.Json.Nodes;
using Tiebreak.Transformers.Tuning;

namespace Tiebreak.Transformers.Judges;

/// <summary>The recipe of a transformer judge.</summary>
internal sealed record TransformerJudgeOptions
{
    /// <summary>Folder of the model: configuration, weights, tokenizer; or a name of <c>model fetch</c>.</summary>
    public string? Model { get; init; }

    /// <summary>Folder of a PEFT adapter to apply; null: none.</summary>
    public string? Adapter { get; init; }

    /// <summary>Folder or file of the tokenizer; null: that of the model, or where it has none, that of the adapter.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>
    /// What makes numbers of hidden states: <c>classifier</c> (labels of the pair), <c>siamese</c> (labels of both sides, read apart),
    /// <c>generator</c> (the next token), <c>reward</c> (a score for each response), <c>regression</c> (one number for the pair),
    /// <c>probe</c> (a logistic model that is fitted on the states of both sides, read apart).
    /// </summary>
    public string Head { get; init; } = "classifier";

    /// <summary>
    /// How a battle is written: the name of a template, or its keys; null: the usual one for the head and the kind of model.
    /// </summary>
    public JsonNode? Template { get; init; }

    /// <summary>
    /// The words around a conversation, for templates that write to a chat model: a Jinja file, or <c>vocabulary</c>: the turn markers that
    /// the tokenizer's vocabulary has; null: the chat template of the folder, and where it has none, those markers.
    /// </summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Most tokens that are read at once: a battle, or one side of it where sides are read apart.</summary>
    public int MaxTokens { get; init; } = 1024;

    /// <summary>
    /// Where sides are read apart: most texts, of <see cref="MaxTokens"/> each, that a longer side is read as; the mean of their states is
    /// the side's.
    /// </summary>
    public int Chunks { get; init; } = 1;

    /// <summary>What is given up where a battle is longer.</summary>
    public string Strategy { get; init; } = "rounds";

    /// <summary>What is computed with: <c>float32</c>, <c>bfloat16</c>, <c>float16</c>.</summary>
    public string Dtype { get; init; } = "float32";

    /// <summary>
    /// What linear layers multiply in: <c>float</c>, the type of the rest, or <c>int8</c> (W8A8), faster and a little less exact.
    /// </summary>
    public string Compute { get; init; } = "float";

    /// <summary>What the outputs of a classifier stand for, in their order; without <c>tie</c> the tie model stands in.</summary>
    public IReadOnlyList<string> Labels { get; init; } = ["A", "B", "tie"];

    /// <summary>
    /// For <c>reward</c> over a language model: the token whose logit behind the conversation is the score, by its id; null: the model has
    /// a head of its own that scores. Nemotron's reward models take token 0.
    /// </summary>
    public int? RewardToken { get; init; }

    /// <summary>The answers of a generator.</summary>
    public AnswerOptions Answers { get; init; } = new();

    /// <summary>
    /// Whether a scale and a bias of the three answers are fitted on the votes; null: for generators, which nobody has trained for this.
    /// </summary>
    public bool? FitBias { get; init; }

    /// <summary>
    /// For <c>probe</c>: how the states of a side's tokens become one: <c>mean</c>, or <c>token</c>: the one that heads read; null: what
    /// the files of sentence-transformers in the folder state, else the mean for encoders and the last token for decoders.
    /// </summary>
    public string? Pooling { get; init; }

    /// <summary>For <c>probe</c>: the L2 penalty, see <see cref="Readings.ProbeWeights"/>; null: the best on held-out folds.</summary>
    public double? L2 { get; init; }

    /// <summary>How a difference of scores leaves room for ties: <c>rao-kupper</c> or <c>davidson</c>.</summary>
    public string Ties { get; init; } = "rao-kupper";

    /// <summary>The parameter of the tie model; null: fitted on the votes.</summary>
    public double? TieParameter { get; init; }

    /// <summary>What differences of scores are multiplied by; null: fitted on the votes.</summary>
    public double? Scale { get; init; }

    /// <summary>Most tokens that are computed together.</summary>
    public int BatchTokens { get; init; } = 4096;

    /// <summary>How the weights learn; by default they stay as they are.</summary>
    public TuningOptions Tuning { get; init; } = new();
}
