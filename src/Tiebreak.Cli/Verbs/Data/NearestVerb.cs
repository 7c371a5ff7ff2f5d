using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Topics;

namespace Tiebreak.Cli.Verbs.Data;

internal sealed class NearestVerb : Verb
{
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Battles.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _prompt = new("--prompt") { Description = "The prompt that others are to be near to." };
    private readonly Option<string?> _id = new("--id") { Description = "Instead: the battle whose prompt it is." };
    private readonly EmbedderOption _embedder = new("prompts are compared by meaning. Without it: by words.");
    private readonly Option<int> _rows = new("--rows") { Description = "How many prompts to show.", DefaultValueFactory = _ => 10 };

    public NearestVerb(Surface surface)
        : base("nearest", "Find the battles whose prompts are nearest to a text or to another battle's.", surface)
    {
        _rows.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() < 1)
                result.AddError("--rows must be 1 or more.");
        });
        foreach (var option in (Option[])[_data, _prompt, _id, _embedder, _rows])
            Add(option);
        AddInputOptions();
        Examples =
        [
            "data nearest --data train.csv --prompt \"How do I sort a list?\" --embedder minilm",
            "data nearest --data train.csv --id 30192 --rows 5",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        await using var embedder = await _embedder.OpenAsync(parse, session, cancellationToken);
        var nearest = new FindNearest
        {
            Data = parse.GetRequiredValue(_data),
            Prompt = parse.GetValue(_prompt),
            Id = parse.GetValue(_id),
            Embedder = embedder,
            Rows = parse.GetValue(_rows),
        };
        session.Report(
            await session.RunAsync(context => nearest.RunAsync(context, cancellationToken)), () => AppJson.Default.NearestDocument);
        return TiebreakCommand.Ok;
    }
}
