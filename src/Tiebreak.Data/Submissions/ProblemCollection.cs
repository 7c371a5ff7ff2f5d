using Tiebreak.Core;

namespace Tiebreak.Data.Submissions;

/// <summary>Problems in the order in which they were found; what many rows have in common becomes one of them.</summary>
internal sealed class ProblemCollection
{
    private const int MostAlone = 5;

    private readonly OrderedDictionary<(SubmissionProblemKind Kind, string What), List<(long? Line, string Example, string Message)>>
        _groups = [];

    /// <summary>A problem of the whole file.</summary>
    public void Add(SubmissionProblemKind kind, string message) => Add(new SubmissionProblem(kind, Line: null, message));

    /// <summary>A problem that stands for itself.</summary>
    public void Add(SubmissionProblem problem) => Add(problem.Kind, problem.Message, problem.Line, "", problem.Message);

    /// <summary>A problem of one row.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="what">What many such rows have in common, continuing their number: "rows have no id".</param>
    /// <param name="line">The line.</param>
    /// <param name="example">This one among others, in a word.</param>
    /// <param name="message">This one alone.</param>
    public void Add(SubmissionProblemKind kind, string what, long? line, string example, string message)
    {
        if (!_groups.TryGetValue((kind, what), out var group))
            _groups[(kind, what)] = group = [];
        group.Add((line, example, message));
    }

    public List<SubmissionProblem> ToList() =>
    [
        .. _groups.SelectMany(group => group.Value.Count <= MostAlone
            ? group.Value.Select(found => new SubmissionProblem(group.Key.Kind, found.Line, found.Message))
            : [Together(group.Key.Kind, group.Key.What, group.Value)]),
    ];

    private static SubmissionProblem Together(
        SubmissionProblemKind kind, string what, List<(long? Line, string Example, string Message)> group)
    {
        var examples = group.Take(MostAlone).Select(found => $"{found.Example} (line {found.Line})");
        return new SubmissionProblem(kind, Line: null, $"{Quantity.Of(group.Count, what, what)}: {string.Join(", ", examples)} and others")
        {
            Count = group.Count,
        };
    }
}
