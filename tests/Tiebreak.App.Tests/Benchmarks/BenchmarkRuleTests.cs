using System.IO.Compression;
using System.Text.Json.Nodes;
using Tiebreak.App.Benchmarks;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Randomness;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.App.Tests.Benchmarks;

/// <summary>Scoring rules of benchmarks: published scores where outputs are published, else formulas written a second time.</summary>
public sealed class BenchmarkRuleTests
{
    private const double Tolerance = 1e-9;

    [Theory]
    [InlineData("Skywork_Skywork-Reward-Llama-3.1-8B", "59.09", "64.29", "76.79", "50.00", "62.29")]
    [InlineData("internlm_internlm2-7b-reward", "56.49", "61.22", "71.43", "50.00", "59.43")]
    public void JudgeBench_gives_the_published_scores_of_reward_models(
        string model, string knowledge, string reasoning, string math, string coding, string overall)
    {
        // Table 3 of the paper, all five columns; the scores follow from the outputs that the authors published.
        var path = Repository.Shared("real", "benchmarks", $"judgebench_output_{model}.jsonl.gz");
        using var file = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var answers = new List<BenchmarkAnswer>();
        while (file.ReadLine() is { } line)
        {
            var pair = JsonNode.Parse(line)!;
            Preference Said(int game) => Preference.Certain(SideOf((string)pair["judgments"]![game]!["decision"]!));
            answers.Add(Answer((string)pair["pair_id"]!, SideOf((string)pair["label"]!), Said(0), Said(1).Swapped()) with
            {
                Battle = Battle((string)pair["pair_id"]!) with { Tags = [(string)pair["source"]!] },
            });
        }

        Assert.Equal(350, answers.Count);
        var scores = BenchmarkRules.JudgeBench(answers).ToDictionary(
            score => score.Name, score => $"{100 * Value(score):F2}", StringComparer.Ordinal);
        Assert.Equal(
            (knowledge, reasoning, math, coding, overall),
            (scores["Knowledge"], scores["Reasoning"], scores["Math"], scores["Coding"], scores["Overall"]));

        static Outcome SideOf(string decision) => decision switch { "A>B" => Outcome.A, "B>A" => Outcome.B, _ => Outcome.Tie };
    }

    [Fact]
    public void JudgeBench_wants_more_right_games_than_wrong_ones()
    {
        BenchmarkAnswer[] answers =
        [
            Answer("1", Outcome.A, new(0.6, 0.3, 0.1), new(0.2, 0.1, 0.7)), // right twice
            Answer("2", Outcome.A, new(0.6, 0.3, 0.1), new(0.3, 0.3, 0.4)), // right once, undecided once
            Answer("3", Outcome.A, new(0.6, 0.3, 0.1), new(0.2, 0.3, 0.5)), // right once, wrong once
            Answer("4", Outcome.B, new(0.6, 0.3, 0.1), new(0.6, 0.3, 0.1)), // wrong twice
        ];
        Assert.Equal(0.5, Value(BenchmarkRules.JudgeBench(answers)[0]), Tolerance);
    }

    [Fact]
    public void RmBench_is_the_mean_of_domains_and_styles()
    {
        // An independent version of compute_accuracy of THU-KEG/RM-Bench, with scores of single responses.
        var random = new SeededRandom(3);
        var (answers, byDomain) = (new List<BenchmarkAnswer>(), new Dictionary<string, double[,]>(StringComparer.Ordinal));
        foreach (var (domain, prompts) in new[] { ("chat", 5), ("math", 7), ("code", 3), ("safety-refuse", 4) })
        {
            var matrix = byDomain[domain] = new double[3, 3];
            for (var prompt = 0; prompt < prompts; prompt++)
            {
                double[] chosen = [random.Next(4), random.Next(4), random.Next(4)];
                double[] rejected = [random.Next(4), random.Next(4), random.Next(4)];
                for (var i = 0; i < 3; i++)
                {
                    for (var j = 0; j < 3; j++)
                    {
                        matrix[i, j] += chosen[i] > rejected[j] ? 1.0 / prompts : 0;
                        var style = i < j ? "hard" : i > j ? "easy" : "normal";
                        answers.Add(Pair($"{prompt}-{i + 1}-{j + 1}", chosen[i], rejected[j], style, domain));
                    }
                }
            }
        }

        var scores = BenchmarkRules.RmBench(answers).ToDictionary(score => score.Name, Value, StringComparer.Ordinal);
        double Hard(double[,] m) => (m[0, 1] + m[0, 2] + m[1, 2]) / 3;
        double Normal(double[,] m) => (m[0, 0] + m[1, 1] + m[2, 2]) / 3;
        double Easy(double[,] m) => (m[1, 0] + m[2, 0] + m[2, 1]) / 3;
        Assert.Equal(byDomain.Values.Average(m => (Hard(m) + Normal(m) + Easy(m)) / 3), scores["Overall"], Tolerance);
        Assert.Equal(byDomain.Values.Average(Hard), scores["hard"], Tolerance);
        Assert.Equal(byDomain.Values.Average(Easy), scores["easy"], Tolerance);
        var code = byDomain["code"];
        Assert.Equal((Hard(code) + Normal(code) + Easy(code)) / 3, scores["code"], Tolerance);
    }

    [Fact]
    public void Longer_wins_on_the_real_RmBench_as_was_counted_elsewhere()
    {
        // All pairs without maths together, as shared/real/benchmarks states them: lengths in code points, equal ones count half.
        var battles = new[] { "chat", "code", "safety-refuse", "safety-response" }.SelectMany(part =>
            BattleSet.Load([Repository.Shared("real", "benchmarks", $"rmbench_{part}.json.gz")]).Battles).ToList();
        BenchmarkAnswer[] answers = [.. battles.Select(battle => RunBenchmark.LongerWins(
            new BenchmarkAnswer("", battle, battle.Verdict!.Value.ToOutcome(), default, default, default)))];

        double Share(string style) => 100 * answers.Where(answer => answer.Has(style))
            .Average(answer => answer.IsRight ? 1 : BenchmarkAnswer.SideOf(answer.Said) is null ? 0.5 : 0);
        Assert.Equal(86.3, Share("easy"), 0.1);
        Assert.Equal(41.0, Share("normal"), 0.1);
        Assert.Equal(13.2, Share("hard"), 0.1);
    }

    [Fact]
    public void RewardBench_weighs_subsets_by_their_rows()
    {
        BenchmarkAnswer[] answers =
        [
            Pair("1", 1, 0, "math-prm"), Pair("2", 0, 1, "hep-cpp"), Pair("3", 1, 0, "hep-go"), Pair("4", 1, 0, "hep-go"),
            Pair("5", 0, 1, "alpacaeval-easy"), Pair("6", 1, 0, "mt-bench-easy"), Pair("7", 1, 1, "donotanswer"),
            Pair("8", 1, 0, "mt-bench-hard"),
        ];
        var scores = BenchmarkRules.RewardBench(answers).ToDictionary(score => score.Name, Value, StringComparer.Ordinal);

        var reasoning = (984 + 0 + 164) / (984.0 + 164 + 164);
        var chat = 28 / (100.0 + 28);
        Assert.Equal(reasoning, scores["Reasoning"], Tolerance);
        Assert.Equal(chat, scores["Chat"], Tolerance);
        Assert.Equal((chat + 1 + 0 + reasoning) / 4, scores["Overall"], Tolerance); // equal scores are wrong
    }

    [Fact]
    public void RewardBench2_wants_the_right_response_above_all_wrong_ones()
    {
        BenchmarkAnswer[] answers =
        [
            Pair("a-1-1", 3, 1, "Math"), Pair("a-1-2", 3, 2, "Math"), Pair("a-1-3", 3, 0, "Math"),
            Pair("b-1-1", 3, 1, "Math"), Pair("b-1-2", 3, 4, "Math"), Pair("b-1-3", 3, 0, "Math"),
            Pair("c-1-1", 2, 1, "Focus"),
        ];
        var scores = BenchmarkRules.RewardBench2(answers).ToDictionary(score => score.Name, Value, StringComparer.Ordinal);
        Assert.Equal((0.5, 1, 0.75), (scores["Math"], scores["Focus"], scores["Overall"]));
    }

    [Fact]
    public void Ties_are_scored_by_their_own_rule_from_the_log_odds_of_pairs()
    {
        // An independent version of the benchmark's rule, on the scores of single responses.
        var random = new SeededRandom(8);
        var (answers, stats) = (new List<BenchmarkAnswer>(), new Dictionary<(bool IsTied, int Question), (double Spread, double Margin)>());
        for (var question = 0; question < 40; question++)
        {
            foreach (var isTied in new[] { true, false })
            {
                double[] right = [.. Enumerable.Range(0, isTied ? 4 : 1).Select(_ => 1.5 + random.NextDouble())];
                double[] wrong = [.. Enumerable.Range(0, 5).Select(_ => 2 * random.NextDouble())];
                stats[(isTied, question)] = (right.Max() - right.Min(), right.Min() - wrong.Max());
                for (var i = 0; i < right.Length; i++)
                {
                    for (var j = 0; j < wrong.Length; j++)
                        answers.Add(Scored($"{(isTied ? "tied" : "ref")}:{question}-{i + 1}-{j + 1}", right[i] - wrong[j], (i + j) % 2 == 0));
                }
            }
        }

        int[] questions = [.. Enumerable.Range(0, 40)];
        double Accuracy(bool isTied) => questions.Average(question => stats[(isTied, question)].Margin > 0 ? 1.0 : 0);
        double Margins(Func<int, double> margin) => questions.Average(question => margin(question) > stats[(true, question)].Spread ? 1.0 : 0);
        double Least(int question) => Math.Min(stats[(true, question)].Margin, stats[(false, question)].Margin);
        var expected = (0.3 * Accuracy(true)) + (0.3 * Accuracy(false)) + (0.2 * Margins(question => stats[(true, question)].Margin))
            + (0.2 * Margins(Least))
            + (0.01 * questions.Average(question => Math.Tanh((Least(question) / stats[(true, question)].Spread) - 1)));
        Assert.InRange(expected, 0.3, 0.9);
        Assert.Equal(expected, Value(BenchmarkRules.RewardBench2(answers).Single()), Tolerance);

        static BenchmarkAnswer Scored(string id, double lead, bool isRightA)
        {
            var right = 0.8 / (1 + Math.Exp(-lead));
            var said = isRightA ? new Preference(right, 0.8 - right, 0.2) : new Preference(0.8 - right, right, 0.2);
            return Answer(id, isRightA ? Outcome.A : Outcome.B, said, said) with
            {
                Battle = Battle(id) with { Tags = ["Ties"] },
            };
        }
    }

    [Fact]
    public void MtBench_has_a_setup_with_ties_and_one_without()
    {
        var tie = new Preference(0.2, 0.3, 0.5);
        BenchmarkAnswer[] answers =
        [
            Answer("1", Outcome.A, new(0.6, 0.3, 0.1), tie), Answer("2", Outcome.A, new(0.3, 0.6, 0.1), tie),
            Answer("3", Outcome.A, tie, tie), Answer("4", Outcome.Tie, tie, tie), Answer("5", Outcome.Tie, new(0.6, 0.3, 0.1), tie),
        ];
        var scores = BenchmarkRules.MtBench(answers).ToDictionary(score => score.Name, Value, StringComparer.Ordinal);
        Assert.Equal((2.0 / 5, 1.0 / 2), (scores["Setup 1, all turns"], scores["Setup 2, all turns"]));
        Assert.False(scores.ContainsKey("Setup 1, second turn"));
    }

    [Fact]
    public void LlmBar_is_the_mean_of_both_orders_and_of_its_adversarial_folders()
    {
        BenchmarkAnswer Of(string folder, bool first, bool second)
        {
            Preference Said(bool right) => right ? new(0.7, 0.2, 0.1) : new(0.2, 0.7, 0.1);
            return Answer(folder, Outcome.A, Said(first), Said(second)) with { File = $"LLMBar/{folder}/dataset.json" };
        }

        BenchmarkAnswer[] answers =
        [
            Of("Natural", first: true, second: false), Of("Adversarial/Neighbor", first: true, second: true),
            Of("Adversarial/GPTInst", first: false, second: false), Of("Adversarial/GPTInst", first: true, second: false),
        ];
        var scores = BenchmarkRules.LlmBar(answers).ToDictionary(score => score.Name, Value, StringComparer.Ordinal);
        Assert.Equal((0.5, 0.5, 1, 0.25), (scores["All"], scores["Natural"], scores["Neighbor"], scores["GPTInst"]));
        Assert.Equal((1 + 0.25) / 2, scores["Adversarial"], Tolerance);
    }

    [Fact]
    public void Pairs_and_files_count_battles_that_somebody_won()
    {
        BenchmarkAnswer[] answers =
        [
            Pair("1", 1, 0, "code") with { File = "a/one.jsonl" }, Pair("2", 0, 1, "stem") with { File = "a/one.jsonl" },
            Pair("3", 0, 1, "stem") with { File = "a/two.jsonl" }, Answer("4", Outcome.Tie, Preference.Uniform, Preference.Uniform),
        ];
        var pairs = BenchmarkRules.Pairs(answers, "code", "stem", "general")
            .ToDictionary(score => score.Name, Value, StringComparer.Ordinal);
        Assert.Equal((1.0 / 3, 1, 0, 3), (pairs["Overall"], pairs["code"], pairs["stem"], pairs.Count));
        Assert.Equal(0.25, Value(BenchmarkRules.ByFile(answers[..3])[0]), Tolerance);
    }

    private static double Value(ScoreRule rule) =>
        rule.Of([.. rule.Parts.SelectMany(part => new[] { part.Values.Sum(), part.Counts.Sum() })]);

    private static BenchmarkAnswer Pair(string id, double better, double worse, params string[] tags)
    {
        var said = better == worse ? Preference.Uniform : better > worse ? new Preference(0.7, 0.2, 0.1) : new Preference(0.2, 0.7, 0.1);
        return Answer(id, Outcome.A, said, said) with { Battle = Battle(id) with { Tags = tags } };
    }

    private static BenchmarkAnswer Answer(string id, Outcome better, Preference first, Preference second) =>
        new("", Battle(id), better, first, second, first);

    private static Battle Battle(string id) => new() { Id = id, Turns = [new Turn(id, "a", "b")] };
}
