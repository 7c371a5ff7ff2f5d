using Tiebreak.Tokenization.Templates;

namespace Tiebreak.Tokenization.Formats;

/// <summary>The <c>post_processor</c> of a tokenizer.json.</summary>
internal static class PostProcessorJson
{
    public static SpecialTokensTemplate Read(JsonPart json)
    {
        if (!json.IsPresent)
            return SpecialTokensTemplate.None;
        switch (json.Type)
        {
            case "Sequence":
                var result = SpecialTokensTemplate.None;
                foreach (var item in json["processors"].Items())
                    result = Combine(result, Read(item));
                return result;
            case "ByteLevel":
                return SpecialTokensTemplate.None with
                {
                    TrimsPlaces = json["trim_offsets"].FlagOr(true),
                    HasPrefixSpace = json["add_prefix_space"].FlagOr(true),
                };
            case "TemplateProcessing":
                return SpecialTokensTemplate.None with
                {
                    Single = [.. json["single"].Items().SelectMany(part => ReadPart(part, json["special_tokens"]))],
                    Pair = [.. json["pair"].Items().SelectMany(part => ReadPart(part, json["special_tokens"]))],
                };
            case "BertProcessing":
                return SpecialTokensTemplate.Bert(ReadToken(json["cls"]), ReadToken(json["sep"]));
            case "RobertaProcessing":
                return SpecialTokensTemplate.Roberta(ReadToken(json["cls"]), ReadToken(json["sep"])) with
                {
                    TrimsPlaces = json["trim_offsets"].FlagOr(true),
                    HasPrefixSpace = json["add_prefix_space"].FlagOr(true),
                };
            default:
                throw json.Error($"is of type \"{json.Type}\", which Tiebreak does not know; it cannot use this tokenizer.");
        }
    }

    private static SpecialTokensTemplate Combine(SpecialTokensTemplate first, SpecialTokensTemplate second) => second with
    {
        Single = second.Single.Length > 1 ? second.Single : first.Single,
        Pair = second.Pair.Length > 2 ? second.Pair : first.Pair,
        TrimsPlaces = first.TrimsPlaces || second.TrimsPlaces,
        HasPrefixSpace = first.HasPrefixSpace || second.HasPrefixSpace,
    };

    private static IEnumerable<TemplatePart> ReadPart(JsonPart part, JsonPart special)
    {
        if (part["Sequence"] is { IsPresent: true } sequence)
        {
            var name = sequence["id"].Text();
            yield return TemplatePart.Of(
                name is "A" ? 0 : name is "B" ? 1 : throw sequence.Error("must be A or B."), sequence["type_id"].Number());
            yield break;
        }

        var token = part["SpecialToken"];
        var ids = special[token["id"].Text()]["ids"];
        if (!ids.IsPresent)
            throw token.Error($"names \"{token["id"].Text()}\", which special_tokens does not hold.");
        foreach (var id in ids.Items())
            yield return TemplatePart.Special(id.Id(), token["type_id"].Number());
    }

    private static int ReadToken(JsonPart json) =>
        json.Items().ToArray() is [_, var id] ? id.Id() : throw json.Error("must be a token and its id.");
}
