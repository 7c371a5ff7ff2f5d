using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Topics;

namespace Tiebreak.Cli.Verbs.Data;

internal sealed class TopicsVerb : Verb
{
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Battles.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly EmbedderOption _embedder = new("prompts are told by their meaning. Without it: by their words.");
    private readonly Option<int?> _count = new("--topics")
    {
        Description = "How many topics. Default: about the square root of half the different prompts.",
    };
    private readonly Option<string?> _out = new("--out")
    {
        Description = "A CSV file to write: topic, area and tokens of every battle.",
    };
    private readonly Option<string?> _report = new("--report") { Description = "Also write the topics as one HTML page." };

    public TopicsVerb(Surface surface)
        : base("topics", "Find what people asked about, which topics tell models apart, and which end in ties.", surface)
    {
        _count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 2000)
                result.AddError("--topics must be from 1 to 2000.");
        });
        foreach (var option in (Option[])[_data, _embedder, _count, _out, _report])
            Add(option);
        AddInputOptions();
        Examples =
        [
            "data topics --data train.csv --embedder minilm --out topics.csv",
            "data topics --data train.csv --topics 40 --report topics.html",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        await using var embedder = await _embedder.OpenAsync(parse, session, cancellationToken);
        var topics = new FindTopics
        {
            Data = parse.GetRequiredValue(_data),
            Embedder = embedder,
            Count = parse.GetValue(_count),
            Out = parse.GetValue(_out),
        };
        session.Report(
            await session.RunAsync(context => topics.RunAsync(context, cancellationToken)),
            () => AppJson.Default.TopicsDocument, parse.GetValue(_report));
        return TiebreakCommand.Ok;
    }
}
