using Tiebreak.Core;

namespace Tiebreak.Data.PublicSets;

/// <summary>The public sets that Tiebreak knows and reads.</summary>
internal static class PublicSetList
{
    private const string Mixed = "prompts CC BY 4.0; responses under the terms of their models' providers";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PublicSet> All { get; } =
    [
        new("arena-33k", "lmsys/chatbot_arena_conversations", 33_000, "prompts CC BY 4.0, responses CC BY-NC 4.0", IsGated: true),
        new("arena-55k", "lmsys/lmsys-arena-human-preference-55k", 57_477, "Apache-2.0", IsGated: false) { Suffix = ".csv" },
        new("arena-100k", "lmarena-ai/arena-human-preference-100k", 106_134, Mixed, IsGated: false),
        new("arena-140k", "lmarena-ai/arena-human-preference-140k", 135_634, Mixed, IsGated: false),
        new("mt-bench-human", "lmsys/mt_bench_human_judgments", 3355, "CC BY 4.0", IsGated: false) { Without = "gpt4_pair" },
        new("lmsys-chat-1m", "lmsys/lmsys-chat-1m", 1_000_000, "LMSYS-Chat-1M licence agreement", IsGated: true),
        new("hh-rlhf", "Anthropic/hh-rlhf", 169_352, "MIT", IsGated: false) { Suffix = ".jsonl.gz", Without = "red-team" },
        new("ultrafeedback", "argilla/ultrafeedback-binarized-preferences-cleaned", 60_917, "MIT", IsGated: false),
        new("ultrafeedback-rated", "openbmb/UltraFeedback", 63_967, "MIT", IsGated: false) { Suffix = ".jsonl" },
        new("helpsteer3", "nvidia/HelpSteer3", 38_459, "CC BY 4.0", IsGated: false) { Suffix = "preference/train.jsonl.gz" },
        new("ppe-human", "lmarena-ai/PPE-Human-Preference-V1", 16_038, Mixed, IsGated: false),
        new("reward-bench", "allenai/reward-bench", 2985, "ODC-BY", IsGated: false) { Without = "raw" },
        new("reward-bench-2", "allenai/reward-bench-2", 1865, "ODC-BY", IsGated: false),
        new("judgebench", "ScalerLab/JudgeBench", 620, "MIT", IsGated: false) { Suffix = ".jsonl" },
        new("rm-bench", "THU-KEG/RM-Bench", 1327, "ODC-BY", IsGated: false) { Suffix = "total_dataset.json" },
        new("llmbar-natural", "princeton-nlp/LLMBar", 100, "MIT", IsGated: false)
        {
            File = OnGitHub(
                "princeton-nlp/LLMBar/main/Dataset/LLMBar/Natural/dataset.json",
                91_269,
                "f7127b7aa78104cb8e03a2b1b3ac0077e95b125714dd441a8ee63666145a3375"),
        },
        new("pandalm-test", "WeOpenML/PandaLM", 999, "Apache-2.0", IsGated: false)
        {
            File = OnGitHub(
                "WeOpenML/PandaLM/main/data/testset-v1.json", 937_899, "cc154f9067c7382d7ea86f8f246511a5e1ac87e1fddd845c5938d789505b07a4"),
        },
        new("auto-j-test", "GAIR-NLP/auto-j", 1392, "Apache-2.0", IsGated: false)
        {
            File = OnGitHub(
                "GAIR-NLP/auto-j/main/data/test/testdata_pairwise.jsonl",
                4_066_039,
                "56f32fad71d9b6b33bc4d51794c324981e26355bcbf3ce4908d7f8ddcc61f80e"),
        },
    ];

    /// <summary>A set by its short name or the name of its repository.</summary>
    /// <exception cref="InputException">No such set; the message names all.</exception>
    public static PublicSet Find(string name) =>
        All.FirstOrDefault(set => string.Equals(set.Name, name, StringComparison.OrdinalIgnoreCase)
            || string.Equals(set.Repository, name, StringComparison.OrdinalIgnoreCase)) ??
        throw new InputException(
            $"There is no public set \"{name}\" that Tiebreak knows. It knows {string.Join(", ", All.Select(set => set.Name))}.");

    /// <summary>The licence of the set whose repository is a battle's source, or null.</summary>
    public static string? LicenseOf(string? source) =>
        source is null ? null : All.FirstOrDefault(set => string.Equals(set.Repository, source, StringComparison.Ordinal))?.Licence;

    private static PublicFile OnGitHub(string path, long bytes, string sha256) =>
        new(path[(path.LastIndexOf('/') + 1)..], new Uri($"https://raw.githubusercontent.com/{path}"), bytes, sha256);
}
