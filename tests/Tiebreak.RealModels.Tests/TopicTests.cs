using System.IO.Compression;
using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Data;
using Tiebreak.Testing;

namespace Tiebreak.RealModels.Tests;

/// <summary>Topics of natural text: prompts of eight subjects, as the sets' authors named them, are told apart by their meaning.</summary>
public sealed class TopicTests(FetchedModels models) : IDisposable
{
    private const int PromptsOfEach = 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SlowFact]
    public async Task Planted_subjects_are_found()
    {
        var subjects = Subjects();
        BattleWriter.WriteJsonl(
            _folder["planted.jsonl"],
            [
                .. subjects.SelectMany((prompts, subject) => prompts.Distinct(StringComparer.Ordinal).Take(PromptsOfEach)
                    .Select((prompt, i) => new Battle { Id = $"{subject}-{i}", Turns = [new(prompt, "a", "b")] })),
            ]);
        await models.RunAsync(
            "data", "topics", "--data", _folder["planted.jsonl"], "--topics", $"{subjects.Length}", "--embedder", "minilm", "--out",
            _folder["topics.csv"]);

        var rows = (await File.ReadAllLinesAsync(_folder["topics.csv"], TestContext.Current.CancellationToken)).Skip(1)
            .Select(line => line.Split(',')).ToList();
        Assert.Equal(PromptsOfEach * subjects.Length, rows.Count);
        Assert.InRange(AdjustedRandIndex([.. rows.Select(row => row[0].Split('-')[0])], [.. rows.Select(row => row[1])]), 0.8, 1);
    }

    private static IEnumerable<string>[] Subjects()
    {
        var judgeBench = Lines("benchmarks", "judgebench_claude-3-5-sonnet-20240620.jsonl.gz")
            .Concat(Lines("benchmarks", "judgebench_gpt-4o-2024-05-13.jsonl.gz")).ToList();
        var autoJ = Lines("battles", "autoj_pairwise.jsonl.gz").ToList();
        var code = JsonNode.Parse(Read("benchmarks", "rmbench_code.json.gz"))!.AsArray();
        return
        [
            code.Select(problem => (string)problem!["prompt"]!),
            .. new[] { "livebench-math", "mmlu-pro-law", "mmlu-pro-chemistry" }.Select(source =>
                judgeBench.Where(row => string.Equals((string)row["source"]!, source, StringComparison.Ordinal)).Select(row => (string)row["question"]!)),
            .. new[] { "writing_cooking_recipe", "writing_song_lyrics", "writing_job_application", "post_summarization" }.Select(category =>
                autoJ.Where(row => string.Equals((string)row["category"]!, category, StringComparison.Ordinal)).Select(row => (string)row["prompt"]![0]!)),
        ];
    }

    private static IEnumerable<JsonNode> Lines(string folder, string name) =>
        Read(folder, name).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!);

    private static string Read(string folder, string name)
    {
        using var file = new GZipStream(File.OpenRead(Repository.Shared("real", folder, name)), CompressionMode.Decompress);
        return new StreamReader(file).ReadToEnd();
    }

    /// <summary>How far two partitions agree beyond chance (Hubert and Arabie 1985): 1 if they are equal, 0 on average by chance.</summary>
    private static double AdjustedRandIndex(string[] one, string[] other)
    {
        var both = Pairs(one.Zip(other));
        var (ofOne, ofOther) = (Pairs(one), Pairs(other));
        var expected = ofOne * ofOther / (one.Length * (one.Length - 1) / 2.0);
        return (both - expected) / (((ofOne + ofOther) / 2) - expected);

        static double Pairs<T>(IEnumerable<T> labels) => labels.GroupBy(label => label).Sum(group => group.Count() * (group.Count() - 1) / 2.0);
    }
}
