using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Judging;
using Tiebreak.Data;
using Tiebreak.Data.Submissions;
using Tiebreak.Features.FeatureJudges;
using Tiebreak.Native;
using Tiebreak.Ratings.Leaderboards;
using Tiebreak.Ratings.Votes;
using Tiebreak.Tokenization.Formats;

// Goes once through every library that promises to work when compiled ahead of time, and fails loudly. The argument is the root of the
// repository.
ProcessSettings.Apply();
var root = args[0];
var fixtures = Path.Combine(root, "tests", "fixtures", "format-1");

var training = BattleSet.Load([Path.Combine(root, "samples", "battles.jsonl.gz")]);
var leaderboard = Leaderboard.Of(VoteSet.Of(training.Battles.Select(VoteOf)), new LeaderboardOptions());
Console.WriteLine($"rated {leaderboard.Entries.Count} models by {training.Battles.Count} battles, {leaderboard.Entries[0].Model} leads");

var test = BattleSet.Load([Path.Combine(fixtures, "test.csv")], new BattleReadOptions { Purpose = BattlePurpose.Test });
var registry = new JudgeRegistry([new FeatureJudgeFormat(), new PriorJudgeFormat()]);
foreach (var name in (string[])["priors", "length", "text", "feature"])
{
    await using var bundle = await Bundle.OpenAsync(Path.Combine(fixtures, name), registry, new Placement { Threads = 1 });
    var preferences = await bundle.Judge.JudgeAsync(test.Battles);
    var expected = SubmissionFile.Read(Path.Combine(fixtures, "expected", $"{name}.csv"));
    var difference = preferences.Zip(expected).Max(pair => Math.Abs(pair.First.A - pair.Second.Preference.A));
    Console.WriteLine($"{name}: judged {preferences.Length} battles, at most {difference:G2} from what was expected");
    if (!(difference < 1e-6))
        return 1;
}

var tokenizer = TokenizerFile.Open(Path.Combine(fixtures, "model", "tokenizer.json"));
var ids = tokenizer.Encode("Name a prime number.");
Console.WriteLine($"tokenized into {ids.Length} ids");
return ids.Length > 0 ? 0 : 1;

static Vote VoteOf(Battle battle) => new(battle.ModelA!, battle.ModelB!, battle.Verdict!.Value);
