using Tiebreak.Core;
using Tiebreak.Tokenization.Vocabularies;

namespace Tiebreak.Tokenization.Formats;

/// <summary>
/// The file <c>tokenizer.json</c> of the tokenizers library (https://huggingface.co/docs/tokenizers/components). Its components are read as
/// that library runs them; one that is not known is an error, never skipped.
/// </summary>
internal static class TokenizerJson
{
    /// <summary>Reads the tokenizer.</summary>
    /// <param name="root">The file.</param>
    /// <param name="config">What <c>tokenizer_config.json</c> beside it changes, or null where the file alone counts.</param>
    /// <exception cref="InputException">The file is damaged, or has a component that is not known.</exception>
    public static TokenizerParts Read(JsonPart root, TokenizerConfig? config)
    {
        var notes = new List<string>();
        var normalizers = NormalizerJson.Read(root["normalizer"], config);
        var cutter = PreTokenizerJson.Read(root["pre_tokenizer"], normalizers, config, notes);
        var parts = ModelJson.Read(root["model"], cutter);
        var added = root["added_tokens"].Items().Select(ReadAdded).ToList();
        parts = parts with
        {
            Added = added,
            Normalizers = [.. normalizers],
            Preparations = [.. cutter.Preparations],
            Template = PostProcessorJson.Read(root["post_processor"]),
            Decoders = DecoderJson.Read(root["decoder"]),
            Notes = notes,
        };
        return config is null ? parts : config.Apply(parts);
    }

    private static AddedToken ReadAdded(JsonPart token) => new()
    {
        Content = token["content"].Text(),
        Id = token["id"].Id(),
        IsSpecial = token["special"].FlagOr(false),
        IsNormalized = token["normalized"].FlagOr(!token["special"].FlagOr(false)),
        IsSingleWord = token["single_word"].FlagOr(false),
        StripsLeft = token["lstrip"].FlagOr(false),
        StripsRight = token["rstrip"].FlagOr(false),
    };
}
