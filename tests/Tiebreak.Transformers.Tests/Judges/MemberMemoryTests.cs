using System.Text.Json.Nodes;
using Tiebreak.Core.Battles;
using Tiebreak.Core.Bundles;
using Tiebreak.Core.Ensembles;
using Tiebreak.Core.Evaluation;
using Tiebreak.Core.Judging;
using Tiebreak.Testing;
using Tiebreak.Transformers.Judges;
using Tiebreak.Transformers.Tests.Engine;

namespace Tiebreak.Transformers.Tests.Judges;

/// <summary>Memory of the weights of an ensemble whose members are asked in turn. Nothing else runs beside.</summary>
[CollectionDefinition(nameof(MemberMemoryTests), DisableParallelization = true)]
[Collection(nameof(MemberMemoryTests))]
public sealed class MemberMemoryTests
{
    // Stored in bfloat16 and computed in float32, so that weights are copied out of the mapped file.
    private const int Hidden = 256;
    private const int Width = 8192;
    private const long MemberBytes = sizeof(float) * 2L * 3 * Hidden * Width; // two layers: 50 MB

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Members_in_turn_need_the_memory_of_one_and_leave_none()
    {
        NativeHeap.Prepare();
        using var folder = new TemporaryFolder();
        var model = TinyModel.Gemma(folder, hidden: Hidden, width: Width, change: tensors =>
        {
            foreach (var (name, tensor) in tensors.ToArray())
                tensors[name] = tensor.bfloat16();
        });
        var recipe = new JsonObject { ["model"] = model, ["dtype"] = "float32", ["max_tokens"] = 64 };
        _ = await JudgeBundles.TrainAsync(folder["member"], recipe, battles: 20);
        var registry = new JudgeRegistry([new TransformerJudgeFormat()]);
        var battles = new LabelledBattles(SyntheticBattles.Create(20));
        _ = await new EnsembleBundle
        {
            Kind = EnsembleFormat.Blend,
            Out = folder["blend"],
            Names = ["one", "two", "three"],
            Members = [folder["member"], folder["member"], folder["member"]],
            Links = true,
            Blend = Blend.Of(Pooling.Linear, [1, 1, 1]),
            Recipe = [],
            Fitted = battles,
            Preferences = [.. battles.Targets.Select(_ => Preference.Uniform)],
            Data = [],
        }.WriteAsync(registry, new Placement { Threads = 2, MembersInTurn = true }, Cancellation);

        // What battles need while they are computed is the same in both.
        var (together, inTurn) = (Most(isInTurn: false), Most(isInTurn: true));
        Assert.InRange(together, 3 * MemberBytes, long.MaxValue);
        Assert.InRange(together - inTurn, 3 * MemberBytes / 2, long.MaxValue); // the weights of the two others

        long Most(bool isInTurn)
        {
            var before = NativeHeap.InUse();
            var most = NativeHeap.MostDuring(() => AskAsync(isInTurn).GetAwaiter().GetResult());
            Assert.InRange(NativeHeap.InUse() - before, long.MinValue, MemberBytes / 4);
            return most - before;
        }

        async Task AskAsync(bool isInTurn)
        {
            var placement = new Placement { Threads = 2, MembersInTurn = isInTurn };
            await using var bundle = await Bundle.OpenAsync(folder["blend"], registry, placement, cancellationToken: Cancellation);
            var outcomes = await bundle.OneOrder.JudgeAsync(new JudgeRequest { Battles = [battles.Battles[0]] }, Cancellation);
            Assert.All(outcomes, outcome => Assert.True(outcome.First is { IsValid: true }));
        }
    }
}
