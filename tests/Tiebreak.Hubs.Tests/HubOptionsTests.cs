using Tiebreak.Core;

namespace Tiebreak.Hubs.Tests;

public sealed class HubOptionsTests
{
    [Theory]
    [InlineData("https://huggingface.co")]
    [InlineData("http://mirror.example:8080/hf/")]
    public void An_endpoint_may_have_a_port_and_a_path(string endpoint) =>
        Assert.Equal(new Uri(endpoint), HubOptions.ParseEndpoint(endpoint));

    [Theory]
    [InlineData("huggingface.co")]
    [InlineData("file:///etc")]
    [InlineData("https://user:secret@hub.example")]
    [InlineData("https://hub.example?key=secret")]
    [InlineData("https://hub.example#secret")]
    public void Other_endpoints_are_refused_without_showing_what_may_be_a_secret(string endpoint)
    {
        var refusal = Assert.Throws<InputException>(() => HubOptions.ParseEndpoint(endpoint));
        Assert.Contains("HF_ENDPOINT must be", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hf_a b")]
    [InlineData("hf_a\nb")]
    [InlineData("hf_ä")]
    public void A_token_with_characters_that_no_header_may_hold_is_refused(string token)
    {
        var refusal = Assert.Throws<InputException>(() => new HubOptions { Token = token });
        Assert.DoesNotContain("hf_", refusal.Message, StringComparison.Ordinal);
    }
}
