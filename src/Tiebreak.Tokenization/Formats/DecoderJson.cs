using Tiebreak.Tokenization.Decoding;

namespace Tiebreak.Tokenization.Formats;

/// <summary>The <c>decoder</c> of a tokenizer.json.</summary>
internal static class DecoderJson
{
    public static List<ITokenDecoder>? Read(JsonPart json)
    {
        if (!json.IsPresent)
            return null;
        var decoders = new List<ITokenDecoder>();
        Add(json, decoders);
        return decoders;
    }

    private static void Add(JsonPart json, List<ITokenDecoder> decoders)
    {
        switch (json.Type)
        {
            case "Sequence":
                foreach (var item in json["decoders"].Items())
                    Add(item, decoders);
                break;
            case "ByteLevel":
                decoders.Add(new ByteLevelDecoder());
                break;
            case "ByteFallback":
                decoders.Add(new ByteFallbackDecoder());
                break;
            case "Fuse":
                decoders.Add(new FuseDecoder());
                break;
            case "Replace" when json["pattern"]["String"] is { IsPresent: true } literal && literal.Text().Length > 0:
                decoders.Add(TokenMapDecoder.Replace(literal.Text(), json["content"].Text()));
                break;
            case "Strip" when json["content"].Text() is [var content]:
                decoders.Add(TokenMapDecoder.Strip(content, json["start"].Number(), json["stop"].Number()));
                break;
            case "Metaspace":
                decoders.Add(TokenMapDecoder.Metaspace(
                    json["replacement"].TextOr("\u2581"), json["prepend_scheme"].TextOr("always") is not "never"));
                break;
            case "WordPiece":
                decoders.Add(TokenMapDecoder.WordPiece(json["prefix"].TextOr("##"), json["cleanup"].FlagOr(true)));
                break;
            default:
                throw json.Error($"is of type \"{json.Type}\", which Tiebreak does not know; it cannot use this tokenizer.");
        }
    }
}
