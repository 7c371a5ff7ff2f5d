using System.Text;
using Tiebreak.Tokenization.Normalization;

namespace Tiebreak.Tokenization.Formats;

/// <summary>The <c>normalizer</c> of a tokenizer.json.</summary>
internal static class NormalizerJson
{
    public static List<ITextTransform> Read(JsonPart json, TokenizerConfig? config)
    {
        var transforms = new List<ITextTransform>();
        Add(json, config, transforms);
        return transforms;
    }

    private static void Add(JsonPart json, TokenizerConfig? config, List<ITextTransform> transforms)
    {
        if (!json.IsPresent)
            return;
        switch (json.Type)
        {
            case "Sequence":
                foreach (var item in json["normalizers"].Items())
                    Add(item, config, transforms);
                break;
            case "Prepend":
                transforms.Add(new PrependTransform(
                    Encoding.UTF8.GetBytes(json["prepend"].Text()), unlessPresent: false, firstOnly: false));
                break;
            case "Replace":
                transforms.Add(ReadReplace(json));
                break;
            case "NFC":
                transforms.Add(new CanonicalTransform(composes: true));
                break;
            case "NFD":
                transforms.Add(new CanonicalTransform(composes: false));
                break;
            case "Lowercase":
                transforms.Add(CharacterTransform.Lowercase);
                break;
            case "StripAccents":
                transforms.Add(CharacterTransform.StripAccents);
                break;
            case "Strip":
                transforms.Add(new StripTransform(json["strip_left"].FlagOr(true), json["strip_right"].FlagOr(true)));
                break;
            case "Precompiled":
                transforms.Add(new ClusterCharsmapTransform(new Charsmap(json["precompiled_charsmap"].Base64(), json.Path)));
                break;
            case "BertNormalizer":
                transforms.Add(ReadBert(json, config));
                break;
            default:
                throw json.Error($"is of type \"{json.Type}\", which Tiebreak does not know; it cannot use this tokenizer.");
        }
    }

    private static ITextTransform ReadReplace(JsonPart json)
    {
        var replacement = Encoding.UTF8.GetBytes(json["content"].Text());
        var literal = json["pattern"]["String"];
        if (literal.IsPresent && literal.Text() is " ")
            return new SpaceTransform(replacement);
        return new ReplaceTransform(PatternJson.Read(json["pattern"]), replacement);
    }

    private static BertTransform ReadBert(JsonPart json, TokenizerConfig? config)
    {
        var lowers = config?.LowersCase ?? json["lowercase"].FlagOr(true);
        var strips = config?.StripsAccents ?? (json["strip_accents"].IsPresent ? json["strip_accents"].FlagOr(true) : null as bool?);
        return new BertTransform(
            json["clean_text"].FlagOr(true), config?.IsolatesIdeographs ?? json["handle_chinese_chars"].FlagOr(true),
            strips ?? lowers, lowers);
    }
}
