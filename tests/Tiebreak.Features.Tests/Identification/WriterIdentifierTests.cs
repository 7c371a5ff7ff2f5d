using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Randomness;
using Tiebreak.Features.Identification;
using Tiebreak.Testing;

namespace Tiebreak.Features.Tests.Identification;

public sealed class WriterIdentifierTests
{
    private static readonly IReadOnlyList<Battle> Battles = new PlantedBattles(effect: 0).Create(300);

    [Fact]
    public void Writers_are_told_by_words_and_style_and_it_says_by_which()
    {
        var collection = ResponseCollection.Of(Battles, minResponses: 0).InFolds(5, 0);
        var trained = Train(collection);
        var result = Evaluate(trained, collection);

        // 15 % of the responses are written like nobody in particular.
        Assert.InRange(result.All.Top1, 0.8, 0.95);
        Assert.InRange(result.All.Top1, result.All.Top1Interval.Lower, result.All.Top1Interval.Upper);
        Assert.True(result.All.LogLoss < result.ShareLogLoss / 2);
        Assert.Equal(1, result.All.Top5);
        Assert.Equal(0.25, result.Chance);

        var strong = trained.Tells.Single(model => model.Model is PlantedBattles.Strong);
        Assert.Contains(strong.Words, term => term.Term.Contains("certainly", StringComparison.Ordinal)
            || term.Term.Contains("overview", StringComparison.Ordinal) || term.Term.Contains("useful", StringComparison.Ordinal));
        Assert.Contains(
            trained.Tells.Single(model => model.Model is "coder-1").Style,
            feature => feature.Feature.Contains("code", StringComparison.Ordinal) && feature.Deviations > 1);
        var evidence = trained.Identifier.Explain(
            "Certainly. I hope this overview is useful.", trained.Identifier.Models.IndexOf(PlantedBattles.Strong));
        Assert.True(evidence[0].Nats > 0);
    }

    [Fact]
    public void Probabilities_of_noise_are_the_shares()
    {
        var random = new SeededRandom(9);
        string[] words = ["tree", "river", "stone", "cloud", "lamp", "paper", "seven", "green"];
        WrittenResponse[] noise =
        [
            .. Enumerable.Range(0, 600).Select(i => new WrittenResponse(
                string.Join(' ', Enumerable.Range(0, 12).Select(_ => words[random.Next(words.Length)])),
                random.Next(3) == 0 ? "one" : "two", i % 5)),
        ];
        var trained = new WriterIdentifierTrainer(new IdentificationOptions(), threads: 2).Train(noise, 5);
        var result = IdentificationResult.Of(
            trained.Identifier.Models, noise, trained.OutOfFold, [.. Enumerable.Range(0, noise.Length)], model => model, seed: 0);
        Assert.Equal(result.ShareLogLoss, result.All.LogLoss, 0.02);
        Assert.Equal(result.Majority, result.All.Top1, 0.05);
    }

    [Fact]
    public void Order_and_threads_change_nothing()
    {
        var collection = ResponseCollection.Of(Battles, minResponses: 0).InFolds(5, 0);
        var reports = new Reports();
        var one = new WriterIdentifierTrainer(new IdentificationOptions(), threads: 1).Train(collection.Responses, 5, reports);
        reports.AreOfOneStage("telling models apart");
        var two = Train(collection);
        Assert.Equal(one.OutOfFold, two.OutOfFold);

        var backwards = new WriterIdentifierTrainer(new IdentificationOptions(), threads: 2).Train([.. collection.Responses.Reverse()], 5);
        Assert.All(
            one.OutOfFold.Zip(backwards.OutOfFold.Reverse()),
            pair => Assert.All(pair.First.Zip(pair.Second), p => Assert.Equal(p.First, p.Second, 5e-3)));
    }

    [Fact]
    public void Renaming_models_renames_the_answers()
    {
        var collection = ResponseCollection.Of(Battles, minResponses: 0).InFolds(5, 0);
        string Renamed(string model) => "z" + new string([.. model.Reverse()]);
        var (one, other) = (Train(collection), Train(collection with
        {
            Responses = [.. collection.Responses.Select(response => response with { Model = Renamed(response.Model) })],
        }));
        for (var m = 0; m < 4; m++)
        {
            var place = other.Identifier.Models.IndexOf(Renamed(one.Identifier.Models[m]));
            Assert.All(one.OutOfFold.Zip(other.OutOfFold), pair => Assert.Equal(pair.First[m], pair.Second[place], 1e-3));
        }
    }

    [Fact]
    public void Each_response_counts_once_and_rare_models_together()
    {
        Battle Of(string id, string prompt, string a, string b, string modelA, string modelB) =>
            new() { Id = id, Turns = [new Turn(prompt, a, b)], ModelA = modelA, ModelB = modelB };
        var collection = ResponseCollection.Of(
            [
                Of("1", "p", "same", "x", "m", "n"),
                Of("2", "p", "same", " ", "m", "rare"),
                Of("3", "q", "same", "y", "m", "rare"),
                Of("4", "r", "z", "w", "n", "lone"),
            ],
            minResponses: 2);
        Assert.Equal(["m", "n", "m", "other models", "n", "other models"], collection.Responses.Select(response => response.Model));
        Assert.Equal((1, 1), (collection.Blank, collection.Repeated));
        Assert.Equal([("lone", 1), ("rare", 1)], collection.Pooled);
        Assert.Equal([0, 0, 1, 1, 2, 2], collection.Groups);
        Assert.Contains(
            "names no models",
            Assert.Throws<InputException>(() => ResponseCollection.Of(SyntheticBattles.Create(3), 0)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Results_are_counted_by_hand()
    {
        string[] models = ["gpt-4", "gpt-3.5", "vicuna"];
        WrittenResponse[] responses =
        [
            new("I am Vicuna, trained by researchers at LMSYS.", "vicuna", 0), new("Hello.", "gpt-4", 0), new("Bye.", "gpt-3.5", 0),
        ];
        var result = IdentificationResult.Of(
            models, responses, [[.1, .2, .7], [.3, .4, .3], [.2, .2, .6]], [0, 1, 2], ModelFamily.Of, seed: 0);
        Assert.Equal(1.0 / 3, result.All.Top1, 12);
        Assert.Equal(2.0 / 3, result.All.Family, 12); // .7 for the family of the second response's writer
        Assert.Equal((1, 1.0), (result.SelfIdentifying!.Responses, result.SelfIdentifying.Top1));
        Assert.Equal((2, 0.0), (result.Anonymous!.Responses, result.Anonymous.Top1));
        Assert.Equal(["gpt", "vicuna"], result.Families);
        Assert.Equal(1, result.Confusion[0, 1]);
        Assert.Equal(1, result.FamilyConfusion[0, 1]);
        Assert.Equal(-(Math.Log(.7) + Math.Log(.3) + Math.Log(.2)) / 3, result.All.LogLoss, 12);
    }

    [Fact]
    public async Task A_saved_identifier_proves_itself()
    {
        using var folder = new TemporaryFolder();
        var collection = ResponseCollection.Of(Battles, minResponses: 0).InFolds(5, 0);
        var trained = Train(collection);
        await IdentifierBundle.WriteAsync(folder["identifier"], trained, Manifest(), Battles, threads: 2);
        var bundle = IdentifierBundle.Open(folder["identifier"]);
        Assert.All(
            collection.Responses.Take(50),
            response => Assert.Equal(trained.Identifier.Identify(response.Text), bundle.Identifier.Identify(response.Text)));
        Assert.True(bundle.ReadSeen().HasPrompt(Battles[0]));
        Assert.Equal("family", bundle.Manifest.FamilyOf("named"));
        Assert.Equal("coder", bundle.Manifest.FamilyOf("coder-1"));
        Assert.Equal(1, bundle.Identifier.Identify("").Sum(), 9);

        var manifest = Path.Combine(folder["identifier"], IdentifierManifest.FileName);
        var text = await File.ReadAllTextAsync(manifest);
        ProvenManifest.Write(manifest, text.Replace("\"format_version\": 2", "\"format_version\": 3", StringComparison.Ordinal));
        var newer = Assert.Throws<InputException>(() => IdentifierBundle.Open(folder["identifier"]));
        Assert.Contains("version 3 of an identifier", newer.Message, StringComparison.Ordinal);
        ProvenManifest.Write(manifest, text);
        var words = Path.Combine(folder["identifier"], "words.tsv");
        await File.WriteAllTextAsync(words, (await File.ReadAllTextAsync(words)).Replace('1', '2'));
        Assert.Contains(
            "damaged: words.tsv",
            Assert.Throws<InputException>(() => IdentifierBundle.Open(folder["identifier"])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "not an identifier", Assert.Throws<InputException>(() => IdentifierBundle.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static WriterIdentification Train(ResponseCollection collection) =>
        new WriterIdentifierTrainer(new IdentificationOptions(), threads: 2).Train(collection.Responses, 5);

    private static IdentificationResult Evaluate(WriterIdentification trained, ResponseCollection collection) =>
        IdentificationResult.Of(
            trained.Identifier.Models, trained.Responses, trained.OutOfFold, collection.Groups, ModelFamily.Of, seed: 0);

    private static IdentifierManifest Manifest() => new()
    {
        FormatVersion = IdentifierManifest.CurrentVersion,
        Models = [],
        Families = new Dictionary<string, string> { ["named"] = "family" },
        MinResponses = 0,
        Weights = [],
        Validation = [],
        Seed = 0,
        Folds = 5,
        Data = [],
        Versions = new Dictionary<string, string> { ["tiebreak"] = "test" },
        CheckTolerance = 1e-6,
        Files = new Dictionary<string, BundleFile>(),
    };
}
