using System.Globalization;
using Spectre.Console;
using Tiebreak.Cli.Output;
using Tiebreak.Core;
using Tiebreak.Core.Judging;
using Tiebreak.Hubs;

namespace Tiebreak.Cli.Verbs;

/// <summary>Fetching files of a hub with progress: what <c>data fetch</c> and <c>model fetch</c> do alike.</summary>
internal static class Fetching
{
    /// <summary>A client of the hub that the environment names; it tells the user when it waits before a request is repeated.</summary>
    public static HubClient Connect(Session session) => new(HubOptions.FromEnvironment(), new PauseNotice(session));

    /// <summary>Fetches files one after the other, once it is sure that the disk can take them all.</summary>
    /// <param name="session">Where progress goes.</param>
    /// <param name="hub">The hub.</param>
    /// <param name="files">The files.</param>
    /// <param name="folder">The folder to put them into.</param>
    /// <param name="arrived">
    /// Called with the path of every file as soon as it is there, before the next one is fetched; null where nothing is to be done.
    /// </param>
    /// <param name="cancellationToken">Stops; what has arrived stays for the next time.</param>
    public static Task<IReadOnlyList<FetchedFile>> FetchAsync(
        Session session,
        HubClient hub,
        IReadOnlyList<HubFile> files,
        string folder,
        Action<string>? arrived,
        CancellationToken cancellationToken)
    {
        DiskSpace.Require(files, folder);
        return ProgressDisplay.RunAsync(session, async progress =>
        {
            var fetched = new List<FetchedFile>();
            foreach (var file in files)
            {
                var stage = new StageProgress(progress, $"Fetching {file.Path} (bytes)", file.Bytes);
                var outcome = await hub.FetchAsync(file, folder, stage, cancellationToken);
                var path = Path.Combine(folder, file.Path);
                arrived?.Invoke(path);
                fetched.Add(new FetchedFile(path, file.Bytes, outcome));
            }

            return (IReadOnlyList<FetchedFile>)fetched;
        });
    }

    /// <summary>What was fetched, in a sentence.</summary>
    public static string Describe(IReadOnlyList<FetchedFile> files, string folder) =>
        $"{Quantity.Of(files.Count, "file")}, {files.Sum(file => file.Bytes) / 1e6:N1} MB in {folder}, verified; " +
        $"{Quantity.Of(files.Count(file => file.Outcome == FetchOutcome.AlreadyThere), "was", "were")} there before.";

    private sealed class PauseNotice(Session session) : IProgress<HubPause>
    {
        // Written by the console, not by its writer: it then stands above a progress bar instead of inside it.
        public void Report(HubPause value) => session.Surface.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{value.Address}: {value.Reason}. Trying again in {value.Duration.TotalSeconds:F0} s."));
    }
}

/// <summary>A file that was fetched, or was there and right.</summary>
/// <param name="Path">Where it is on this machine.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Outcome">How it came to be there.</param>
internal sealed record FetchedFile(string Path, long Bytes, FetchOutcome Outcome);
