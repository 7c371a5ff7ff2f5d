using System.CommandLine;

namespace Tiebreak.Cli.Verbs.Route;

internal sealed class RouteVerb : Command
{
    public RouteVerb(Surface surface)
        : base("route", "Send each prompt to the cheapest model that would win or tie: train, evaluate and use a routing policy.")
    {
        Add(new RouteTrainVerb(surface));
        Add(new RouteEvaluateVerb(surface));
        Add(new RouteChooseVerb(surface));
    }
}
