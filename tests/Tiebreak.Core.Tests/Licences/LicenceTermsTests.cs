using Tiebreak.Core.Licences;

namespace Tiebreak.Core.Tests.Licences;

public sealed class LicenceTermsTests
{
    [Theory]
    [InlineData("cc-by-nc-4.0", true)]
    [InlineData("prompts CC BY 4.0, responses CC BY-NC 4.0", true)]
    [InlineData("CC BY NC SA 4.0", true)]
    [InlineData("Mistral AI Non-Commercial licence", true)]
    [InlineData("mrl", true)]
    [InlineData("apache-2.0", false)]
    [InlineData("CC BY 4.0", false)]
    [InlineData("llama3.1", false)]
    public void What_forbids_commercial_use_is_known_by_its_name(string licence, bool forbids) =>
        Assert.Equal(forbids, LicenceTerms.ForbidsCommercialUse(licence));

    [Theory]
    [InlineData("llama3.1", "the Llama community licence")]
    [InlineData("LLAMA 2 Community License", "the Llama community licence")]
    [InlineData("gemma", "the Gemma terms of use")]
    [InlineData("mit", null)]
    public void Licences_with_conditions_of_their_own_are_named(string licence, string? name) =>
        Assert.Equal(name, LicenceTerms.CommunityOf(licence));

    [Fact]
    public void Each_kind_of_limit_is_said_once()
    {
        LicenceStatement[] parts =
        [
            new("model", "tiny", "llama3"), new("adapter", "judge", "cc-by-nc-4.0"), new("data", "arena", "CC BY-NC 4.0") { Battles = 9 },
            new("data", null, null), new("data", "open", "MIT"),
        ];
        Assert.Equal(
            [
                "By its licence not for commercial use: adapter judge (cc-by-nc-4.0), data arena (CC BY-NC 4.0).",
                "Under a licence with conditions of its own: model tiny (llama3), the Llama community licence.",
            ],
            LicenceTerms.Sentences(parts));
        Assert.Empty(LicenceTerms.Sentences([new("data", "open", "MIT"), new("data", null, null)]));
    }
}
