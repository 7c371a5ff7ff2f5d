namespace Tiebreak.Architecture.Tests;

/// <summary>
/// Every parallel loop of the product states a limit of threads, so that <c>--threads</c> is obeyed and a library does not take all cores
/// of the program that uses it.
/// </summary>
public sealed class ThreadLimitTests
{
    // PLINQ is left out of the product altogether: its limit is a further call that is easily forgotten.
    [Theory]
    [MemberData(nameof(ReferenceTests.Projects), MemberType = typeof(ReferenceTests))]
    public void Parallel_loops_state_a_limit(string project)
    {
        var unlimited = ReferencedMethods.Of(project, "Parallel", "ParallelEnumerable")
            .Where(method => Array.TrueForAll(method.GetParameters(), parameter => parameter.ParameterType != typeof(ParallelOptions)))
            .Select(method => $"{method.DeclaringType!.Name}: {method}");
        Assert.Empty(unlimited);
    }
}
