using static Tiebreak.Features.Counted.SideFeature;

namespace Tiebreak.Features.Counted.Groups;

/// <summary>Refusals, apologies, and how the responses sound; see <see cref="Text.Refusals"/> and <see cref="Text.Tone"/>.</summary>
internal static class PhrasesGroup
{
    public static CountedGroup Group { get; } = new(
        "phrases",
        [
            Count("refusals", side => side.Refusals),
            Count("apologies", side => side.Apologies),
            Count("disclaimers", side => side.Disclaimers),
            Share("positive_words", side => side.Tone.Positive, side => side.All.Words),
            Share("negative_words", side => side.Tone.Negative, side => side.All.Words),
            Share("hedges", side => side.Tone.Hedges, side => side.All.Words),
            Share("boosters", side => side.Tone.Boosters, side => side.All.Words),
            Share("connectives", side => side.Tone.Connectives, side => side.All.Words),
            Share("courtesies", side => side.Tone.Courtesies, side => side.All.Words),
            Share("first_person", side => side.Tone.FirstPerson, side => side.All.Words),
            Share("second_person", side => side.Tone.SecondPerson, side => side.All.Words),
            Share("negations", side => side.Tone.Negations, side => side.All.Words),
        ],
        []);
}
