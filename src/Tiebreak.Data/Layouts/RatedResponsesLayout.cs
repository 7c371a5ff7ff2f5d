using System.Globalization;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;

namespace Tiebreak.Data.Layouts;

/// <summary>
/// Sets with several rated responses to one prompt, of which every pair is a battle: UltraFeedback (<c>completions</c>), Nectar
/// (<c>answers</c> with ranks) and distilabel (<c>generations</c> and <c>ratings</c>). The higher rating wins, equal ratings are a tie.
/// A response without a rating is in no pair. Where a row says only which response somebody picked (<c>chosen_index</c>, from 0), that one
/// won against each of the others, and nothing is known of these. The sides are drawn (<see cref="SideDraw"/>).
/// </summary>
internal sealed class RatedResponsesLayout(ulong sideSeed) : IRecordLayout
{
    // A row of n responses makes n (n - 1) / 2 battles.
    private const int MostResponses = 100;

    private static readonly string[] Models = ["generation_models", "generation_model", "model_names", "models"];
    private static readonly string[] Ratings = ["ratings", "rating"];
    private static readonly string[] Lists = ["completions", "responses", "candidates"];
    private static readonly string[] Picks = ["chosen_index", "best_index", "preferred_index"];

    private readonly SideDraw _sides = new(sideSeed);

    public IReadOnlyList<string> Columns { get; } =
        [.. AskedMessages.Columns, "id", "answers", "generations", .. Lists, .. Picks, .. Models, .. Ratings, "source", "language"];

    public bool Matches(IReadOnlySet<string> names) =>
        (names.Contains("instruction") && names.Contains("completions"))
        || (names.Contains("prompt") && names.Contains("answers"))
        || (Lists.Any(names.Contains) && Picks.Any(names.Contains))
        || (names.Contains("generations") && Ratings.Any(names.Contains));

    public bool MakesIds(IReadOnlySet<string> names) => true;

    public IReadOnlyList<Battle> ReadAll(Record record, RowBuilder builder)
    {
        var asked = AskedMessages.Read(record, builder);
        if (asked is [{ Text: { } text }] && Transcript.Is(text))
            asked = Transcript.Messages(text).FindAll(message => !(message.IsAnswer && string.IsNullOrWhiteSpace(message.Text)));
        var pick = record.FirstOf(Picks);
        var rated = (pick is null ? Responses(record) : Picked(record, pick)).Where(response => response.Rating is not null).ToList();
        if (rated.Count is < 2 or > MostResponses)
        {
            builder.Report(rated.Count < 2
                ? "has fewer than two responses with a rating"
                : $"has {rated.Count} responses, of which every pair would be a battle; at most {MostResponses} are read");
            return [];
        }

        var battles = new List<Battle>();
        for (var i = 0; i < rated.Count; i++)
        {
            for (var j = i + 1; j < rated.Count; j++)
            {
                if (pick is null || rated[i].Rating != rated[j].Rating)
                    battles.Add(Pair(record, asked, rated[i], rated[j]));
            }
        }

        if (battles.Count == 0)
            builder.ReportIfFirst($"has a \"{pick}\" that is the place of none of its {rated.Count} responses, from 0 on");
        return battles;
    }

    private Battle Pair(Record record, List<Message> asked, Rated one, Rated other)
    {
        var key = ContentKey.Of([.. asked.Select(message => message.Text), null, one.Text, other.Text]);
        var (a, b) = _sides.IsFirstA(key) ? (one, other) : (other, one);
        return new Battle
        {
            Id = record.Text("id") is { } id ? $"{id}-{one.Place}-{other.Place}" : key.ToString(),
            Turns = Conversation.Turns(asked, a.Text, b.Text),
            ModelA = a.Model,
            ModelB = b.Model,
            Verdict = a.Rating > b.Rating ? Verdict.A : a.Rating < b.Rating ? Verdict.B : Verdict.Tie,
            Language = record.Text("language"),
            Source = record.TextIfAny("source"), // in Nectar a list
        };
    }

    private static IEnumerable<Rated> Picked(Record record, string pick)
    {
        var picked = record.Integer(pick);
        var texts = record[record.FirstOf(Lists) ?? Lists[0]] as List<object?> ?? [];
        return texts.Select((text, i) => new Rated(i + 1, Conversation.Content(text), Model: null, i == picked ? 1 : 0));
    }

    private static IEnumerable<Rated> Responses(Record record)
    {
        if (record["generations"] is List<object?> texts)
        {
            var ratings = record[record.FirstOf(Ratings) ?? Ratings[0]] as List<object?>;
            var models = record[record.FirstOf(Models) ?? Models[0]] as List<object?>;
            return texts.Select((text, i) => new Rated(
                i + 1, Conversation.Content(text), models?.ElementAtOrDefault(i) as string, NumberOf(ratings?.ElementAtOrDefault(i))));
        }

        var responses = (record["completions"] ?? record["answers"]) as List<object?> ?? [];
        return responses.Select((item, i) => item is Dictionary<string, object?> response
            ? new Rated(
                i + 1, (response.GetValueOrDefault("response") ?? response.GetValueOrDefault("answer")) as string,
                response.GetValueOrDefault("model") as string, RatingOf(response))
            : new Rated(i + 1, Text: null, Model: null, Rating: null));
    }

    // The overall score of UltraFeedback is known to be wrong in some rows (a 10 became 1); the mean of its four aspects is not.
    private static double? RatingOf(Dictionary<string, object?> response) =>
        NumberOf(response.GetValueOrDefault("fine-grained_score"))
        ?? NumberOf(response.GetValueOrDefault("overall_score"))
        ?? -NumberOf(response.GetValueOrDefault("rank")); // the first is the best

    private static double? NumberOf(object? value) => value switch
    {
        long number => number,
        double number when !double.IsNaN(number) => number,
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    /// <summary>A response, with its place in the row from 1.</summary>
    private sealed record Rated(int Place, string? Text, string? Model, double? Rating);
}
