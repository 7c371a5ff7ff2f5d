using System.CommandLine;
#if EXPLORER
using Tiebreak.Cli.Output;
using Tiebreak.Explorer.Server;
using Tiebreak.Hosting.Security;
#else
using Tiebreak.Core;
#endif

namespace Tiebreak.Cli.Verbs;

internal sealed class ExploreVerb : Verb
{
    private readonly Argument<string[]> _files = new("files")
    {
        Description = "Files of battles.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string[]> _judges = new("--judge")
    {
        Description = "Folders of judges' bundles, to see what they say and how well.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string> _votes = new("--votes")
    {
        Description = "The file that votes are added to, one battle of JSONL each.",
        DefaultValueFactory = _ => "votes.jsonl",
    };
    private readonly Option<double> _randomShare = new("--random-share")
    {
        Description = "The share of battles to vote on that are drawn at random; the others are those where votes narrow the ratings most.",
        DefaultValueFactory = _ => 0.5,
    };
    private readonly Option<string[]> _urls = new("--urls")
    {
        Description = "Addresses to listen on; port 0 takes a free one.",
        DefaultValueFactory = _ => ["http://127.0.0.1:5150"],
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _keys = new("--keys")
    {
        Description = "The file of keys that are let in (tiebreak keys add); needed where other machines can reach the explorer.",
    };
    private readonly Option<string?> _certificate = new("--certificate")
    {
        Description = "PEM file with the certificate of https addresses, and its private key unless --certificate-key names that.",
    };
    private readonly Option<string?> _certificateKey = new("--certificate-key") { Description = "PEM file with the certificate's key." };
    private readonly Option<string[]> _hosts = new("--hosts")
    {
        Description = "Names by which the explorer may be asked, beside those of --urls.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<bool> _isBehindProxy = new("--behind-proxy")
    {
        Description = "Something before the explorer encrypts what goes over the network.",
    };

    public ExploreVerb(Surface surface)
        : base("explore", "Look at battles, judges and rankings in a browser, and vote.", surface)
    {
        Add(_files);
        Option[] options =
            [_judges, _votes, _randomShare, _urls, _keys, _certificate, _certificateKey, _hosts, _isBehindProxy];
        foreach (var option in options)
            Add(option);
        _randomShare.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<double>() is not (>= 0 and <= 1))
                result.AddError("--random-share must be from 0 to 1.");
        });
        AddInputOptions();
        AddJudgeOptions();
        Examples = ["explore battles.csv", "explore train.csv --judge judge --votes mine.jsonl"];
    }

#if EXPLORER
    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var options = new ExplorerOptions
        {
            Files = parse.GetRequiredValue(_files),
            Judges = parse.GetValue(_judges) ?? [],
            Votes = parse.GetRequiredValue(_votes),
            RandomShare = parse.GetValue(_randomShare),
            Urls = parse.GetRequiredValue(_urls),
            Keys = parse.GetValue(_keys) is { } keys ? ApiKeyFile.Read(keys).Keys : null,
            Certificate = ServeVerb.CertificateOf(parse.GetValue(_certificate), parse.GetValue(_certificateKey)),
            Hosts = parse.GetValue(_hosts) ?? [],
            IsBehindProxy = parse.GetValue(_isBehindProxy),
            Context = session.Context,
        };
        await using var server = await ExplorerServer.StartAsync(options, cancellationToken);
        session.Say($"Ready on {string.Join(", ", server.Urls)}. Ctrl+C ends it.");
        session.Emit(new ServedApi(server.Urls), () => CommandJson.Default.ServedApi);
        await server.RunAsync(cancellationToken);
        return TiebreakCommand.Ok;
    }
#else
    protected override Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken) =>
        throw new TiebreakException("This build of Tiebreak has no explorer: it was built with -p:Explorer=false.");
#endif
}
