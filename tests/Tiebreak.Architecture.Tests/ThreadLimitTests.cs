using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Tiebreak.Architecture.Tests;

/// <summary>
/// Every parallel loop of the product states a limit of threads, so that <c>--threads</c> is obeyed and a library does not take all cores
/// of the program that uses it. What is called is read from the compiled assemblies, whatever the source looks like.
/// </summary>
public sealed class ThreadLimitTests
{
    [Theory]
    [MemberData(nameof(ReferenceTests.Projects), MemberType = typeof(ReferenceTests))]
    public void Parallel_loops_state_a_limit(string project)
    {
        var unlimited = ParallelCalls(project is "Tiebreak.Cli" ? "tiebreak" : project)
            .Where(method => Array.TrueForAll(method.GetParameters(), parameter => parameter.ParameterType != typeof(ParallelOptions)))
            .Select(method => $"{method.DeclaringType!.Name}: {method}");
        Assert.Empty(unlimited);
    }

    // PLINQ is left out of the product altogether: its limit is a further call that is easily forgotten.
    private static IEnumerable<MethodBase> ParallelCalls(string assemblyName)
    {
        var assembly = Assembly.Load(assemblyName);
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        foreach (var handle in metadata.MemberReferences)
        {
            if (metadata.GetMemberReference(handle).Parent is { Kind: HandleKind.TypeReference } parent
                && metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)parent).Name) is "Parallel" or "ParallelEnumerable")
            {
                yield return assembly.ManifestModule.ResolveMethod(MetadataTokens.GetToken(handle))!;
            }
        }
    }
}
