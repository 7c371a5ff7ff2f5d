using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Tiebreak.Architecture.Tests;

/// <summary>What a project calls, read from its compiled assembly, whatever the source looks like.</summary>
internal static class ReferencedMethods
{
    /// <param name="project">A folder of src.</param>
    /// <param name="types">Names of the types that have the methods.</param>
    public static IEnumerable<MethodBase> Of(string project, params string[] types)
    {
        var assembly = Assembly.Load(project is "Tiebreak.Cli" ? "tiebreak" : project);
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (member.GetKind() is MemberReferenceKind.Method && member.Parent is { Kind: HandleKind.TypeReference } parent
                && types.Contains(metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)parent).Name), StringComparer.Ordinal))
            {
                yield return assembly.ManifestModule.ResolveMethod(MetadataTokens.GetToken(handle))!;
            }
        }
    }
}
