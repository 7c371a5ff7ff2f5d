namespace Tiebreak.Text.Tests;

public sealed class IdentityLeaksTests
{
    [Theory]
    [InlineData("I am Claude, an AI assistant.", "Claude")]
    [InlineData("Hi! I'm ChatGPT. How can I help?", "ChatGPT")]
    [InlineData("Hello. I\u2019m Claude 2, made to help.", "Claude 2")]
    [InlineData("My name is Vicuna, and I'm a language model.", "Vicuna")]
    [InlineData("As an AI language model developed by OpenAI, I have no feelings.", "OpenAI")]
    [InlineData("I'm a large language model, trained by Google.", "Google")]
    [InlineData("I was trained by researchers from Large Model Systems Organization (LMSYS).", "Large Model Systems")]
    [InlineData("Well, OpenAI created me to help people.", "OpenAI")]
    [InlineData("That is up to my creators at Anthropic.", "Anthropic")]
    [InlineData("I am an assistant based on GPT-3.5 from OpenAI", "GPT-3.5")]
    [InlineData("Ich bin ein von OpenAI trainiertes Sprachmodell.", "OpenAI")]
    [InlineData("Je suis un modèle de langage développé par Mistral.", "Mistral")]
    [InlineData("Soy un modelo de lenguaje entrenado por OpenAI.", "OpenAI")]
    [InlineData("Я — ChatGPT, большая языковая модель.", "ChatGPT")]
    [InlineData("Я языковая модель, разработанная компанией OpenAI.", "OpenAI")]
    [InlineData("我是由OpenAI开发的人工智能助手。", "OpenAI")]
    [InlineData("私はOpenAIによって開発された言語モデルです。", "OpenAI")]
    [InlineData("저는 OpenAI에서 개발한 언어 모델입니다.", "OpenAI")]
    public void A_writer_that_names_itself_or_its_maker_leaks(string response, string name) =>
        Assert.Equal(name, IdentityLeaks.FirstIn("Sure. " + response)?.Name);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("OpenAI was founded in 2015 by Sam Altman and others.")]
    [InlineData("GPT-4 is a large language model created by OpenAI.")]
    [InlineData("I am happy to explain what Claude is and what Google does.")]
    [InlineData("I am Claude Monet, and I paint lilies.")]
    [InlineData("I am a Gemini, and my sister is a Virgo.")]
    [InlineData("I was hired by Google as an engineer.")]
    [InlineData("As a language model, I can tell you: Microsoft sells software.")]
    [InlineData("I'm not sure. ChatGPT may know.")]
    [InlineData("This is an attempt to be philosophical about the meta level.")]
    public void Speaking_about_models_and_makers_is_no_leak(string? response) => Assert.Null(IdentityLeaks.FirstIn(response));

    [Fact]
    public void The_place_of_a_leak_is_told()
    {
        const string Response = "No. I'm Claude.";
        var leak = IdentityLeaks.FirstIn(Response)!.Value;
        Assert.Equal("I'm Claude", Response.Substring(leak.Start, leak.Length));
    }
}
