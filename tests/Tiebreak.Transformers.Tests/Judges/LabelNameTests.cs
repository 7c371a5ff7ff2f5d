using Tiebreak.Transformers.Judges;

namespace Tiebreak.Transformers.Tests.Judges;

public sealed class LabelNameTests
{
    [Theory]
    [InlineData("A", "A")]
    [InlineData("winner_model_b", "B")]
    [InlineData("Response B", "B")]
    [InlineData("model_1", "A")]
    [InlineData("assistant 2 is better", "B")]
    [InlineData("first response preferred", "A")]
    [InlineData("Draw", "tie")]
    [InlineData("winner_tie", "tie")]
    [InlineData("BOTH", "tie")]
    [InlineData("LABEL_1", null)]
    [InlineData("1", null)]
    [InlineData("A or B", null)]
    [InlineData("response", null)]
    [InlineData("", null)]
    public void Names_of_labels_mean_what_people_mean(string name, string? meaning) => Assert.Equal(meaning, LabelName.Meaning(name));
}
