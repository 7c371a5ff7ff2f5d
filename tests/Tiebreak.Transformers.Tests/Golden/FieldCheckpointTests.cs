using System.Globalization;
using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Transformers.Logits;

namespace Tiebreak.Transformers.Tests.Golden;

/// <summary>
/// Folders as people have them (shared/field/checkpoints), with the logits that their own programs give or the reason for which Tiebreak
/// refuses them. Skipped where the folder is absent.
/// </summary>
public sealed class FieldCheckpointTests
{
    [Theory]
    [InlineData("03.pad-is-eos-pooling", "m", "", "in_eos.json", "-4.6763")]
    [InlineData("07.score-bias", "m", "", "in.json", "2.4416 -4.4300 3.7747")]
    [InlineData("07.score-bias", "base", "adapter", "in.json", "4.5815 0.8175 -2.2142")]
    [InlineData("08.reward-without-num-labels", "m", "", "in.json", "0.9416")]
    [InlineData("13.adapter-default-names", "base", "adapter", "in.json", "3.0815 2.8175 -2.4642")]
    [InlineData("19.old-quant-files", "q_oldgptq", "", "in.json", "-0.0752 -3.1111 4.4469")]
    [InlineData("19.old-quant-files", "q_oldawq", "", "in.json", "-0.0752 -3.1111 4.4469")]
    [InlineData("19.old-quant-files", "q_awq_wbit", "", "in.json", "-0.0752 -3.1111 4.4469")]
    [InlineData("19.old-quant-files", "q_bloke", "", "in.json", "-0.0752 -3.1111 4.4469")]
    [InlineData("19.old-quant-files", "q_bnbnomethod", "", "in.json", "0.9416 -2.4300 3.5247")]
    [InlineData("24.token-types", "m", "", "in_bert.json", "1.2800 -3.6024 -1.6459")]
    public void A_folder_gives_the_logits_of_its_own_program(string test, string model, string adapter, string inputs, string expected)
    {
        var logits = Compute(test, model, adapter, inputs);
        Assert.Equal(expected, string.Join(' ', logits.Select(logit => logit.ToString("F4", CultureInfo.InvariantCulture))));
    }

    [Theory]
    [InlineData("09.reward-heads", "openrlhf", 1)]
    [InlineData("09.reward-heads", "openrlhf_seqcls", 1)]
    [InlineData("09.reward-heads", "trl_vhead", 1)]
    [InlineData("09.reward-heads", "qwen2rm", 1)]
    [InlineData("09.reward-heads", "inform", 1)]
    [InlineData("09.reward-heads", "eurus", 1)]
    [InlineData("09.reward-heads", "beaver", 1)]
    [InlineData("09.reward-heads", "athene", 1)]
    [InlineData("11.inspect-says-fine", "q_dynamic", 3)]
    [InlineData("20.tied-only-lm-head", "m", 96)]
    public void A_folder_is_computed(string test, string model, int outputs) =>
        Assert.Equal(outputs, Compute(test, model, adapter: "", "in.json").Length);

    [Theory]
    [InlineData("15.adapter-resized-vocab", 98)]
    [InlineData("16.adapter-lm-head-on-tied-base", 96)]
    public void An_adapter_is_computed(string test, int outputs) =>
        Assert.Equal(outputs, Compute(test, "base", "adapter", "in.json").Length);

    [Theory]
    [InlineData("06.alora", "base", "adapter", "\"alora_invocation_tokens\" is [33, 4]")]
    [InlineData("09.reward-heads", "armorm", "", "1 missing: gating.logit_scale")]
    [InlineData("25.bidirectional", "m", "", "\"is_causal\" is false")]
    [InlineData("28.adapter-as-model", "adapter", "", "is a PEFT adapter for meta-llama/Llama-3.1-8B")]
    [InlineData("28.adapter-as-model", "both", "", "but no weights of the model: give the folder of meta-llama/Llama-3.1-8B")]
    [InlineData("29.no-index", "noidx", "", "neither its index nor all of its shards: 1 of 2")]
    [InlineData("29.no-index", "ds", "", "a checkpoint of DeepSpeed: run its zero_to_fp32.py")]
    public void A_folder_is_refused_for_its_reason(string test, string model, string adapter, string reason) => Assert.Contains(
        reason, Assert.Throws<InputException>(() => Compute(test, model, adapter, "in.json")).Message, StringComparison.Ordinal);

    private static float[] Compute(string test, string model, string adapter, string inputs)
    {
        var folder = Repository.Shared("field", "checkpoints", test);
        var report = new ComputeLogits
        {
            Model = Path.Combine(folder, model),
            Adapter = adapter.Length > 0 ? Path.Combine(folder, adapter) : null,
            Inputs = Path.Combine(folder, inputs),
        }.Run();
        return (report.Batches[0].Logits ?? report.Batches[0].NextTokenLogits)![0];
    }
}
