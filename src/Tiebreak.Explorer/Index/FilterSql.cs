using Tiebreak.Data.Facts;

namespace Tiebreak.Explorer.Index;

/// <summary>A filter as a part of a statement, with its values as parameters.</summary>
/// <param name="From">What stands behind FROM: the battles, with the preferences of a judge where they are sorted by them.</param>
/// <param name="Condition">What stands behind WHERE; a question mark for each value.</param>
/// <param name="Values">The values, in the order of their question marks.</param>
internal sealed record FilterSql(string From, string Condition, IReadOnlyList<object> Values)
{
    /// <summary>The condition of the filter that every battle meets.</summary>
    public const string Anything = "true";

    /// <summary>The battles that meet the filter.</summary>
    public string Rows => $"FROM {From} WHERE {Condition}";

    /// <summary>Makes the statement.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="sort">The order that the battles will be asked for in.</param>
    /// <param name="judgeTable">The table with the preferences of the filter's judge; null where none is asked.</param>
    /// <param name="found">Where the text of the filter occurs (see <see cref="SearchIndex.Find"/>); null where none is asked.</param>
    public static FilterSql Of(BattleFilter filter, BattleSort sort, string? judgeTable, byte[]? found)
    {
        var (conditions, values) = (new List<string>(), new List<object>());
        foreach (var model in filter.Models)
            Add("(model_a = ? OR model_b = ?)", model, model);
        if (filter.Won is { } won)
        {
            // The first part alone says nothing new, but leaves few battles for the second, which takes four times as long.
            Add("(model_a = ? OR model_b = ?)", won, won);
            Add("(winner = 'model_a' AND model_a = ? OR winner = 'model_b' AND model_b = ?)", won, won);
        }

        AddWinners();
        AddAnyOf("language", filter.Languages);
        AddAnyOf("source", filter.Sources);
        foreach (var tag in filter.Tags)
            Add("list_contains(tags, ?)", tag);
        foreach (var finding in filter.Findings)
            Add(Finding.All.First(known => string.Equals(known.Column, finding, StringComparison.Ordinal)).Column);
        if (filter.Topics.Count > 0)
        {
            Add($"number IN (SELECT number FROM {TopicTable.Sql} WHERE topic IN ({string.Join(", ", filter.Topics.Select(_ => "?"))}))",
                [.. filter.Topics]);
        }

        AddRange("turns", filter.Turns);
        AddRange("prompt_length + length_a + length_b", filter.Length);
        AddRange("prompt_length", filter.PromptLength);
        AddRange("length_a", filter.LengthA);
        AddRange("length_b", filter.LengthB);
        AddRange("tokens", filter.Tokens);
        if (found is not null)
            Add("get_bit(?::BIT, number) = 1", found);
        if (filter.AsksJudge)
        {
            var start = conditions.Count;
            AddRange("confidence", filter.Confidence);
            AddRange("loss", filter.Loss);
            if (filter.IsRight is { } isRight)
                Add("is_right = ?", isRight);
            var ofJudge = string.Join(" AND ", conditions[start..]);
            conditions.RemoveRange(start, conditions.Count - start);
            conditions.Add($"number IN (SELECT number FROM {judgeTable} WHERE {ofJudge})");
        }

        var from = sort.AsksJudge ? $"battles LEFT JOIN {judgeTable} USING (number)" : "battles";
        return new FilterSql(from, conditions.Count == 0 ? Anything : string.Join(" AND ", conditions), values);

        void Add(string condition, params ReadOnlySpan<object> parameters)
        {
            conditions.Add(condition);
            values.AddRange(parameters);
        }

        void AddWinners()
        {
            string[] verdicts = [.. filter.Winners.Where(winner => winner is not BattleFilter.NoVerdict)];
            var isAny = $"winner IN ({string.Join(", ", verdicts.Select(_ => "?"))})";
            if (verdicts.Length < filter.Winners.Count)
                Add(verdicts.Length == 0 ? "winner IS NULL" : $"(winner IS NULL OR {isAny})", [.. verdicts]);
            else
                AddAnyOf("winner", verdicts);
        }

        void AddAnyOf(string column, IReadOnlyList<string> any)
        {
            if (any.Count > 0)
                Add($"{column} IN ({string.Join(", ", any.Select(_ => "?"))})", [.. any]);
        }

        void AddRange(string column, NumberRange? range)
        {
            if (range?.Least is { } least)
                Add($"{column} >= ?", least);
            if (range?.Most is { } most)
                Add($"{column} <= ?", most);
        }
    }
}
