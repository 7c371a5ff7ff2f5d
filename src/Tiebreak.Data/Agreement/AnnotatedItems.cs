using System.Runtime.InteropServices;
using Tiebreak.Core.Battles;

namespace Tiebreak.Data.Agreement;

/// <summary>
/// The single votes of battles, put together by what was voted on: rows with the same texts are one item, also with A and B exchanged, as
/// where a file has a row for each annotator. A second vote of one annotator on an item is counted and not used.
/// </summary>
internal sealed class AnnotatedItems
{
    private readonly Dictionary<ContentKey, (bool Swapped, AnnotatedItem Item)> _items = [];
    private readonly List<AnnotatedItem> _inOrder = [];
    private readonly HashSet<(AnnotatedItem Item, string Annotator)> _cast = [];

    /// <param name="battles">Battles with votes or verdicts; others are passed over.</param>
    /// <param name="groups">The prompt group of each battle.</param>
    public AnnotatedItems(IReadOnlyList<Battle> battles, IReadOnlyList<int> groups)
    {
        Rows = new AnnotatedItem?[battles.Count];
        for (var row = 0; row < battles.Count; row++)
            Add(row, battles[row], groups[row]);
    }

    /// <summary>The items in order of first appearance.</summary>
    public IReadOnlyList<AnnotatedItem> Items => _inOrder;

    /// <summary>The item of each battle; null for one without a vote.</summary>
    public AnnotatedItem?[] Rows { get; }

    /// <summary>Texts among the votes that are no known word for a verdict.</summary>
    public int Unread { get; private set; }

    /// <summary>Votes of an annotator on an item that he had voted on before.</summary>
    public int Repeated { get; private set; }

    private void Add(int row, Battle battle, int group)
    {
        var votes = VotesOf(battle);
        if (votes.Count == 0)
            return;

        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_items, ContentKey.Of(battle, out var swapped), out var exists);
        if (!exists)
        {
            known = (swapped, new AnnotatedItem(group));
            _inOrder.Add(known.Item);
        }

        Rows[row] = known.Item;
        foreach (var vote in votes)
        {
            var turned = swapped == known.Swapped ? vote : vote with { Vote = vote.Vote with { Verdict = vote.Vote.Verdict.Swapped() } };
            if (vote.Annotator is { } annotator && !_cast.Add((known.Item, annotator)))
                Repeated++;
            else
                known.Item.Votes.Add(turned);
        }
    }

    private List<ItemVote> VotesOf(Battle battle)
    {
        if (battle.Annotators is not { Count: > 0 } texts)
        {
            return battle.Verdict is { } verdict
                ? [new ItemVote(battle.AnnotatorIds is [{ Length: > 0 } id] ? id : null, new AnnotatorVote(verdict))]
                : [];
        }

        var ids = battle.AnnotatorIds is { } known && known.Count == texts.Count ? known : null;
        var votes = new List<ItemVote>();
        for (var i = 0; i < texts.Count; i++)
        {
            if (AnnotatorVote.Parse(texts[i], battle) is { } vote)
                votes.Add(new ItemVote(ids?[i] is { Length: > 0 } id ? id : null, vote));
            else if (!string.IsNullOrWhiteSpace(texts[i]))
                Unread++;
        }

        return votes;
    }
}

/// <summary>What people voted on.</summary>
/// <param name="group">The prompt group of its battle.</param>
internal sealed class AnnotatedItem(int group)
{
    /// <summary>The prompt group of its battle.</summary>
    public int Group => group;

    /// <summary>The votes, with A and B as they stand in the first row of the item.</summary>
    public List<ItemVote> Votes { get; } = [];
}

/// <summary>A vote on an item.</summary>
/// <param name="Annotator">Who cast it; null where the source does not say.</param>
/// <param name="Vote">The vote.</param>
internal readonly record struct ItemVote(string? Annotator, AnnotatorVote Vote)
{
    /// <summary>The outcome that it names.</summary>
    public Outcome Outcome => Vote.Verdict.ToOutcome();
}
