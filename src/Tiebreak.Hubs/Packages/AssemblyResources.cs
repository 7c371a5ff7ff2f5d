using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Tiebreak.Core;

namespace Tiebreak.Hubs.Packages;

/// <summary>
/// The resources that are embedded in a .NET assembly, read from its file: the assembly is not loaded, and nothing of it runs
/// (ECMA-335, II.24.2.3.3 and II.22.24).
/// </summary>
internal static class AssemblyResources
{
    /// <summary>Writes one resource to a file.</summary>
    /// <param name="assembly">The assembly's file.</param>
    /// <param name="resource">The resource's name.</param>
    /// <param name="target">The file to write.</param>
    /// <exception cref="InputException">The file is no assembly, or has no such resource.</exception>
    public static void Extract(string assembly, string resource, string target)
    {
        try
        {
            using var file = new PEReader(File.OpenRead(assembly));
            var content = Find(file, resource)
                ?? throw new InputException($"{assembly} has no resource {resource}; the package is not the one that Tiebreak knows.");
            var length = content.ReadUInt32();
            if (length > content.RemainingBytes)
                throw new InvalidDataException("a resource ends behind the file");
            File.WriteAllBytes(target, content.ReadBytes((int)length));
        }
        catch (Exception exception)
            when (exception is BadImageFormatException or InvalidDataException or InvalidOperationException or OverflowException)
        {
            throw new InputException(
                $"{assembly} is not a whole .NET assembly: {exception.Message}. Delete it and fetch it again.", exception);
        }
    }

    /// <summary>A resource from the number of its bytes on; null where there is none of that name.</summary>
    private static BlobReader? Find(PEReader file, string name)
    {
        if (file.PEHeaders.CorHeader is not { } header || !file.HasMetadata)
            throw new InvalidDataException("it has no metadata");
        var metadata = file.GetMetadataReader();
        foreach (var resource in metadata.ManifestResources.Select(metadata.GetManifestResource))
        {
            // Resources with an implementation lie in other files.
            if (!metadata.StringComparer.Equals(resource.Name, name) || !resource.Implementation.IsNil)
                continue;
            var content = file.GetSectionData(header.ResourcesDirectory.RelativeVirtualAddress).GetReader();
            content.Offset = checked((int)resource.Offset);
            return content;
        }

        return null;
    }
}
