using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Routing;
using Tiebreak.Core;
using Tiebreak.Features.Routing;

namespace Tiebreak.Cli.Verbs.Route;

internal sealed class RouteChooseVerb : Verb
{
    private readonly Argument<string> _policy = new("policy") { Description = "Folder of the policy." };
    private readonly Option<string?> _prompt = new("--prompt") { Description = "One prompt." };
    private readonly Option<string?> _data = new("--data") { Description = "Or many: JSON lines with \"prompt\" and, if wanted, \"id\"." };
    private readonly Option<double?> _threshold = new("--threshold")
    {
        Description = "The probability to win or tie that is good enough. Default: the policy's.",
    };
    private readonly Option<string?> _out = new("--out")
    {
        Description = "With --data: write the choices as CSV (id, model, probability, cost).",
    };
    private readonly EmbedderOption _embedder = new("the one that the policy was trained with, if there was one.");

    public RouteChooseVerb(Surface surface)
        : base("choose", "Ask a policy which model shall answer a prompt, and why.", surface)
    {
        Add(_policy);
        foreach (var option in (Option[])[_prompt, _data, _threshold, _embedder, _out])
            Add(option);
        Examples =
        [
            "route choose policy --prompt \"Write a haiku about rain.\" --threshold 0.45",
            "route choose policy --data prompts.jsonl --out choices.csv",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var (prompt, data, target) = (parse.GetValue(_prompt), parse.GetValue(_data), parse.GetValue(_out));
        if (prompt is null == data is null)
            throw new InputException("Give either one prompt (--prompt TEXT) or a file of them (--data FILE).");
        if (target is not null && data is null)
            throw new InputException("--out goes with --data FILE.");

        await using var embedder = await _embedder.OpenAsync(parse, session, cancellationToken);
        var choice = new ChooseModels
        {
            Format = new PromptRatingsFormat(),
            Policy = parse.GetRequiredValue(_policy),
            Embedder = embedder,
            Threshold = parse.GetValue(_threshold),
        };
        if (prompt is not null)
        {
            var one = await choice.ForAsync(session.Context, prompt, cancellationToken);
            session.Show(one.Sections());
            session.Emit(one.Choice, () => AppJson.Default.RoutingChoice);
            return TiebreakCommand.Ok;
        }

        var many = await choice.ForFileAsync(session.Context, data!, cancellationToken);
        session.Show(many.Sections());
        session.Write(target, many.ToCsv());
        session.Emit(many, () => AppJson.Default.ChoicesDocument);
        return TiebreakCommand.Ok;
    }
}
