using TorchSharp;

namespace Tiebreak.Torch.Kernels;

/// <summary>
/// Scores of relative positions (DeBERTa, https://arxiv.org/abs/2006.03654), which are added to those of queries and keys before they are
/// scaled: of queries with positions as keys, and of keys with positions as queries.
/// </summary>
/// <param name="Keys">[columns, heads, dim], contiguous, of the type of the sequence.</param>
/// <param name="Queries">[columns, heads, dim], likewise.</param>
/// <param name="Columns">Which column a distance has; dense ones.</param>
internal sealed record AttentionPositions(torch.Tensor Keys, torch.Tensor Queries, DistanceColumns Columns);
