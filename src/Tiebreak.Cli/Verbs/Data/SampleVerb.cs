using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Tiebreak.Cli.Output;
using Tiebreak.Data;
using Tiebreak.Data.Sampling;

namespace Tiebreak.Cli.Verbs.Data;

internal sealed class SampleVerb : Verb
{
    private readonly Option<string[]> _data = new("--data") { Description = "Battles to draw from.", Required = true, AllowMultipleArgumentsPerToken = true };
    private readonly Option<string> _out = new("--out") { Description = "The file to write: .jsonl, .jsonl.gz, .parquet or .csv.", Required = true };
    private readonly Option<int> _rows = new("--rows") { Description = "How many battles to draw.", Required = true };
    private readonly Option<SamplePrompts> _prompts = new("--prompts")
    {
        Description = "Battles about one prompt: any, together (all or none), oneEach.",
        DefaultValueFactory = _ => SamplePrompts.Any,
    };

    public SampleVerb(Surface surface)
        : base("sample", "Draw battles that represent the whole: by language, source, turns, verdict and length.", surface)
    {
        _rows.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() < 1)
                result.AddError("--rows must be 1 or more.");
        });
        Add(_data);
        Add(_out);
        Add(_rows);
        Add(_prompts);
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var path = parse.GetRequiredValue(_out);
        var set = await BattleLoading.LoadAsync(session, parse.GetRequiredValue(_data), BattlePurpose.Explore, cancellationToken);
        var sample = RepresentativeSample.Draw(
            set.Battles, parse.GetValue(_rows), parse.GetValue(_prompts), session.Seed, session.Threads);
        ConvertVerb.Write(path, sample.Battles);

        session.Show(new TextTable(
            "Shares", ["Property", "Value", "In the data", "In the sample"],
            [.. sample.Shares.Select(share => new[] { share.Property, share.Value, Percent(share.Population), Percent(share.Sample) })]).ToTerminal());
        session.Say($"Wrote {path}: {sample.Battles.Count:N0} of {set.Battles.Count:N0} battles; no share differs by more than {Percent(sample.LargestDifference)}.");
        session.Emit(new JsonObject { ["out"] = path, ["rows"] = sample.Battles.Count, ["largest_difference"] = sample.LargestDifference });
        return TiebreakCommand.Ok;
    }

    private static string Percent(double share) => share.ToString("P1", CultureInfo.InvariantCulture);
}
