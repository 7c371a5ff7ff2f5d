using Tiebreak.Testing;

namespace Tiebreak.Cli.Tests;

/// <summary>
/// Files of people who do this job, one or two for each kind of fault that was found in them; docs/field-cases.md lists them. Skipped where
/// <c>shared/field/data</c> is absent.
/// </summary>
public sealed class FieldCaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("rank 01.one-vote.csv --penalty 0.1", 0, "737.9 to 1631.8")]
    [InlineData("rank 01.undefeated-newcomer.csv --penalty 0.1", 0, "770.3 to 1860.6")]
    [InlineData("rank 02.all-ties.csv", 0, "679.0 to 1321.0")]
    [InlineData("rank 02.one-tie-newcomer.csv", 0, "531.3 to 1622.6")]
    [InlineData("rank 06.winner-A-B-tie.csv", 0, "6 votes on 3 models")]
    [InlineData("rank 07.winner-is-model-name.csv", 0, "152 votes on 4 models")]
    [InlineData("rank 13.kaggle-plain-texts.csv", 0, "3 votes on 2 models")]
    [InlineData("rank 15.clean-battle-booleans.json --by anony", 0, "true │ 12 │ 25.0 %")]
    [InlineData("rank 15.clean-battle-booleans.json --where anony=true", 0, "12 votes on 3 models")]
    [InlineData("rank 18.fastchat-gpt4-pair.jsonl", 0, "4 votes on 2 models")]
    [InlineData("rank 19.fastchat-conv-log.json", 0, "6 votes on 3 models")]
    [InlineData("rank 20.label-under-another-name.jsonl", 2, "--columns winner=consensus_preference")]
    [InlineData("rank 21.preferred-column.csv", 2, "--columns winner=preferred")]
    [InlineData("rank 22.capital-headers.csv", 0, "2 votes on 2 models")]
    [InlineData("rank 22.semicolons-excel.csv", 0, "2 votes on 2 models")]
    [InlineData("rank 23.kaggle-votes-without-texts.csv", 0, "3 votes on 2 models")]
    [InlineData("rank 25.soft-labels.jsonl", 0, "850.5 to 1345.8")]
    [InlineData("rank 31.votes-without-voter.csv --show voters chart", 2, "The votes do not say who cast them")]
    public async Task Votes(string command, int exitCode, string said) => await RunsAsync(command, exitCode, said);

    [Theory]
    [InlineData("03.kaggle-texts-with-winner-column.csv", "\"response_a\":[\"a1\",null],\"response_b\":[\"b1\",\"b2\"]")]
    [InlineData("09.llamafactory-alpaca-input.jsonl", "\"prompt\":[\"Translate to English.\\n\\nGuten Tag\"]")]
    [InlineData("10.trl-conversational-explicit.jsonl", "\"prompt\":[\"Be brief.\\n\\nHi\",\"What colour is the sky 1?\"]")]
    [InlineData("11.orca-dpo-question.jsonl", "\"prompt\":[\"What colour is the sky 1?\"]")]
    [InlineData("12.arena-csv-json-conversations.csv", "\"response_b\":[\"[palm-2] The topic is organized into days.\"]")]
    [InlineData("12.arena-csv-python-repr.csv", "\"response_b\":[\"[palm-2] The topic is organized into days.\"]")]
    [InlineData("13.kaggle-plain-texts.csv", "\"prompt\":[\"Say hi\"],\"response_a\":[\"hi\"],\"response_b\":[\"hello\"]")]
    [InlineData("14.kaggle-python-lists.csv", "\"response_b\":[\"hello\",\"that's it\"]")]
    [InlineData("17.alpaca-eval-annotations.json", "\"model_a\":\"gpt4_1106_preview\",\"model_b\":\"my_model\"")]
    [InlineData("19.fastchat-conv-log.json", "\"model_a\":\"m1\",\"model_b\":\"m2\",\"winner\":\"model_a\"")]
    [InlineData("21.preferred-column.csv --columns winner=preferred,id=example_id", "{\"id\":\"ex_0\",", "\"winner\":\"model_a\"")]
    public async Task Battles(string data, params string[] written)
    {
        await RunsAsync($"data convert --data {data} --out OUT.jsonl", 0, "battles.");

        var battles = await File.ReadAllTextAsync(_folder["OUT.jsonl"]);
        Assert.All(written, text => Assert.Contains(text, battles, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("20.label-under-another-name.jsonl", "--columns winner=consensus_preference")]
    [InlineData("21.preferred-column.csv", "--columns winner=preferred")]
    public async Task Labels_that_were_not_read(string data, string advice)
    {
        await RunsAsync($"data convert --data {data} --out OUT.jsonl", 2, advice);

        Assert.False(File.Exists(_folder["OUT.jsonl"]));
    }

    [Theory]
    [InlineData("evaluate --predictions 05.oof-fold0-id-last.csv --data 05.train.csv", 0, "Scored: 3 of 12 battles")]
    [InlineData("submission check 26.header-with-blanks.csv --test 04.test.csv", 1, "has a blank beside it")]
    [InlineData("submission check 27.wsdm-submission.csv --test 27.wsdm-test.csv", 0, "is valid in the form with winners")]
    [InlineData("submission check 30.euro-submission.csv --test 04.test.csv", 1, "semicolons between the columns and decimal commas")]
    [InlineData("submission check 32.many-unknown-ids.csv --test 04.test.csv", 1, "300 rows have an id that the test data does not have")]
    [InlineData("submission repair 04.logits-submission.csv --test 04.test.csv --out OUT.csv", 2, "look like logits", "--scale softmax")]
    public async Task Submissions(string command, int exitCode, params string[] said) => await RunsAsync(command, exitCode, said);

    [Theory]
    [InlineData("04.logits-submission.csv", "--scale softmax", "made probabilities of logits", "136060,0.0217")]
    [InlineData("04.percent-submission.csv", "", "percent signs", "136060,0.5,0.2,0.3")]
    [InlineData("30.euro-submission.csv", "", "decimal commas", "136060,0.5,0.2,0.3")]
    public async Task Submissions_that_are_repaired(string submission, string options, string said, string row)
    {
        await RunsAsync($"submission repair {submission} --test 04.test.csv --out OUT.csv {options}", 0, said);

        Assert.StartsWith(row, (await File.ReadAllLinesAsync(_folder["OUT.csv"]))[1], StringComparison.Ordinal);
    }

    /// <summary>Runs a command whose files are those of the cases, or of a folder of its own where they begin with OUT.</summary>
    private async Task RunsAsync(string command, int exitCode, params string[] said)
    {
        var data = Repository.Shared("field", "data");
        var run = await CommandRun.OfAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(argument =>
            argument.StartsWith("OUT", StringComparison.Ordinal) ? _folder[argument]
            : File.Exists(Path.Combine(data, argument)) ? Path.Combine(data, argument) : argument)]);

        var text = string.Join(' ', (run.Errors + run.Output).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.True(run.ExitCode == exitCode, $"exit code {run.ExitCode}: {text}");
        Assert.All(said, phrase => Assert.Contains(phrase, text, StringComparison.Ordinal));
    }
}
