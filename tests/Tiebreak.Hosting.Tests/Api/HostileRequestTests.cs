using System.Text;
using CsCheck;
using Tiebreak.Testing;

namespace Tiebreak.Hosting.Tests.Api;

/// <summary>Requests that are damaged byte by byte are answered, with a result or with a problem document.</summary>
public sealed class HostileRequestTests
{
    private static readonly string[] Requests =
    [
        """{"id": 7, "prompt": ["P", null], "response_a": ["a\u00e9", "b"], "response_b": ["c", "\ud83d\ude00"], "numbers": {"x_a": 1.5}}""",
        """[{"prompt": "P", "response_a": "a", "response_b": "b", "winner": "tie"}, {"prompt": "P", "response_a": "a", "response_b": null}]""",
        """{"prompt": "P", "responses": ["a", "b", "c"]}""",
        """{"query": "P", "texts": ["a", "b"], "raw_scores": true}""",
    ];

    private static readonly string[] Paths = ["/v1/judge", "/v1/validate", "/v1/rate", "/rerank"];

    private const string Signs = "\"\\{}[],:0u-";

    private static readonly Gen<(int Request, int Path, bool Lines, (int Place, byte Byte, int Length)[] Damages)> Cases = Gen.Select(
        Gen.Int[0, 3], Gen.Int[0, 3], Gen.Bool,
        Gen.Select(Gen.Int[0, 150], Gen.OneOf(Gen.Byte, Gen.Int[0, Signs.Length - 1].Select(i => (byte)Signs[i])), Gen.Int[0, 12]).Array[1, 4]);

    [Fact]
    public Task Damaged_requests_are_answered() => RunAsync(iterations: 300, seconds: -1);

    [SlowFact]
    public Task Damaged_requests_are_answered_for_long() => RunAsync(iterations: -1, FuzzTime.LongSeconds);

    private static async Task RunAsync(int iterations, int seconds)
    {
        await using var api = await ApiClient.StartAsync(new ScriptedJudge());
        await Cases.SampleAsync(
            async test =>
            {
                var body = Encoding.UTF8.GetBytes(Requests[test.Request]).ToList();
                foreach (var (place, replacement, length) in test.Damages)
                {
                    var at = Math.Min(place, body.Count);
                    body.RemoveRange(at, Math.Min(length, body.Count - at));
                    body.Insert(at, replacement);
                }

                var lines = test.Lines && test.Path == 0;
                var answer = await api.PostAsync(Paths[test.Path], [.. body], lines ? "application/x-ndjson" : "application/json");
                if (answer.Status != 200)
                {
                    Assert.InRange(answer.Status, 400, 422);
                    Assert.Contains(answer.Problem, (string[])["input", "too-large", "failed"]);
                }
            },
            iter: iterations, time: seconds, threads: 2);
    }
}
