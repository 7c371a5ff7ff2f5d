namespace Tiebreak.Transformers.Judges;

/// <summary>What makes numbers of hidden states; see <see cref="TransformerJudgeOptions.Head"/>.</summary>
internal enum JudgeHead
{
    Classifier,
    Siamese,
    Generator,
    Reward,
    Regression,
}
