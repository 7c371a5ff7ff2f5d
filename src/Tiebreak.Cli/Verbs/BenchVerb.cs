using System.CommandLine;
using Tiebreak.App;
using Tiebreak.App.Benchmarks;
using Tiebreak.Core;

namespace Tiebreak.Cli.Verbs;

internal sealed class BenchVerb : Verb
{
    private readonly Argument<string> _name = new("name") { Description = $"The benchmark: {string.Join(", ", RunBenchmark.Names)}." };
    private readonly Option<string> _judge = new("--judge") { Description = "Folder of the judge's bundle.", Required = true };
    private readonly Option<string[]> _data = new("--data")
    {
        Description = "The benchmark's own files, as `tiebreak data fetch` or its repository gives them.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly NumbersOption _numbers = new();
    private readonly StatesOption _states = new();
    private readonly Option<string?> _report = new("--report") { Description = "Also write everything as one HTML file." };

    public BenchVerb(Surface surface)
        : base("bench", "Score a judge on a public benchmark by its own rule, beside what needs no judge.", surface)
    {
        Add(_name);
        Add(_judge);
        Add(_data);
        Add(_numbers);
        Add(_states);
        Add(_report);
        AddInputOptions();
        AddJudgeOptions();
        Examples =
        [
            "bench rm-bench --judge judge --data chat_filtered.json code_filtered.json --report rm-bench.html",
            "bench judgebench --judge judge --data judgebench.jsonl",
        ];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var name = parse.GetRequiredValue(_name);
        var set = RunBenchmark.SetOf(name);
        if (parse.GetValue(_data) is not { Length: > 0 } data)
        {
            throw new InputException(set is null
                ? $"Give the files of {name} from its repository: --data FILE."
                : $"Give the files of {name}: `tiebreak data fetch {set}` fetches them, then --data FILE.");
        }

        var benchmark = new RunBenchmark
        {
            Name = name,
            Judge = parse.GetRequiredValue(_judge),
            Data = data,
            Numbers = parse.GetValue(_numbers),
            States = parse.GetValue(_states),
        };
        session.Report(
            await session.RunAsync(context => benchmark.RunAsync(context, cancellationToken)), () => AppJson.Default.BenchmarkDocument,
            parse.GetValue(_report));
        return TiebreakCommand.Ok;
    }
}
