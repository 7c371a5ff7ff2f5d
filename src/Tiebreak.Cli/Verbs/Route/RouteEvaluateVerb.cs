using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Routing;
using Tiebreak.Features.Routing;

namespace Tiebreak.Cli.Verbs.Route;

internal sealed class RouteEvaluateVerb : Verb
{
    private readonly Argument<string> _policy = new("policy") { Description = "Folder of the policy." };
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "New battles with model names and verdicts.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly CurveOptions _curve;
    private readonly EmbedderOption _embedder = new("the one that the policy was trained with, if there was one.");

    public RouteEvaluateVerb(Surface surface)
        : base("evaluate", "Measure what a policy costs and how good it is, on votes that it has not seen.", surface)
    {
        Add(_policy);
        Add(_data);
        Add(_embedder);
        _curve = new CurveOptions(this);
        AddInputOptions();
        Examples = ["route evaluate policy --data new-battles.jsonl --csv curve.csv --plot curve.svg"];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        await using var embedder = await _embedder.OpenAsync(parse, session, cancellationToken);
        var evaluation = new EvaluateRoutingPolicy
        {
            Format = new PromptRatingsFormat(),
            Policy = parse.GetRequiredValue(_policy),
            Embedder = embedder,
            Data = parse.GetRequiredValue(_data),
        };
        var document = await session.RunAsync(context => evaluation.RunAsync(context, cancellationToken));
        session.Show(document.Sections());
        _curve.Write(parse, session, document.ToCsv, document.Plot);
        session.Emit(document, () => AppJson.Default.RoutingDocument);
        return TiebreakCommand.Ok;
    }
}
