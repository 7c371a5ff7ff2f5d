using System.Security.Cryptography.X509Certificates;
using Tiebreak.App;
using Tiebreak.Core.Embeddings;
using Tiebreak.Explorer.Index;
using Tiebreak.Hosting.Security;

namespace Tiebreak.Explorer.Server;

/// <summary>What is explored, and who may look at it.</summary>
internal sealed record ExplorerOptions : IExposure
{
    /// <summary>The files of battles.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Folders of bundles.</summary>
    public IReadOnlyList<string> Judges { get; init; } = [];

    /// <summary>Folders of scoring runs.</summary>
    public IReadOnlyList<string> Runs { get; init; } = [];

    /// <summary>Files of preferences by id.</summary>
    public IReadOnlyList<string> Predictions { get; init; } = [];

    /// <summary>Work folders of trainings.</summary>
    public IReadOnlyList<string> Trainings { get; init; } = [];

    /// <summary>Tells which prompts mean similar things; null: their words do. Whoever gives it closes it.</summary>
    public ITextEmbedder? Embedder { get; init; }

    /// <summary>
    /// What tells the embedder from others, so that its vectors are kept for the next time. It is asked in the background, and may read
    /// files.
    /// </summary>
    public Func<string> EmbedderKey { get; init; } = () => "";

    /// <summary>Where the index is kept.</summary>
    public BattleIndexOptions Index { get; init; } = new();

    /// <summary>The file that votes are added to.</summary>
    public string Votes { get; init; } = "votes.jsonl";

    /// <summary>The share of battles to vote on that are drawn at random; the others are drawn where votes are wanted most.</summary>
    public double RandomShare { get; init; } = 0.5;

    /// <inheritdoc/>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:5150"];

    /// <inheritdoc/>
    public IReadOnlyList<ApiKey>? Keys { get; init; }

    /// <inheritdoc/>
    public X509Certificate2? Certificate { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <inheritdoc/>
    public bool IsBehindProxy { get; init; }

    /// <summary>How files are read, with how many threads, and who is told what.</summary>
    public required JobContext Context { get; init; }
}
