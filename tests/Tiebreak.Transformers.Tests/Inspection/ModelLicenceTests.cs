using Tiebreak.Testing;
using Tiebreak.Transformers.Inspection;

namespace Tiebreak.Transformers.Tests.Inspection;

public sealed class ModelLicenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("---\nlicense: apache-2.0\nbase_model: org/base\n---\n# A model\nlicense: none\n", "apache-2.0", "org/base")]
    [InlineData("---\ntags:\n- a\nlicense: other\nlicense_name: \"mrl\"\nbase_model:\n- one/x\n- two/y\n---\n", "mrl", "one/x, two/y")]
    [InlineData("\n---\r\nlicense:\r\n- mit\r\n---\r\n", "mit", "")]
    [InlineData("# A model\nlicense: mit\n", null, "")]
    [InlineData("", null, "")]
    public void The_card_says_so(string card, string? licence, string bases)
    {
        _ = _folder.Write("README.md", card);
        var found = ModelLicence.Of(_folder.Path);
        Assert.Equal((licence, licence is null ? null : "README.md"), (found.Licence, found.From));
        Assert.Equal(bases, string.Join(", ", found.Bases));
    }

    [Theory]
    [InlineData("LICENSE", "LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\nRelease Date: July 23, 2024", "llama3.1")]
    [InlineData("LICENSE.txt", "                                 Apache License\n                           Version 2.0", "apache-2.0")]
    [InlineData("LICENSE.md", "Creative Commons Attribution-NonCommercial 4.0", "cc-by-nc")]
    [InlineData("LICENSE", "Permission is hereby granted, free of charge, to any person", "mit")]
    [InlineData("LICENCE", "Terms of our own", "see LICENCE")]
    public void Without_a_card_the_text_of_the_licence_does(string file, string text, string licence)
    {
        _ = _folder.Write(file, text);
        Assert.Equal((licence, file), (ModelLicence.Of(_folder.Path).Licence, ModelLicence.Of(_folder.Path).From));
    }

    [Fact]
    public void An_adapter_names_its_base()
    {
        _ = _folder.Write("adapter_config.json", """{"base_model_name_or_path": "org/base"}""");
        Assert.Equal(["org/base"], ModelLicence.StatementOf("adapter", _folder.Path).Bases!);
    }
}
