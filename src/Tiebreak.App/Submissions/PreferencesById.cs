using Tiebreak.Core;
using Tiebreak.Core.Battles;
using Tiebreak.Data.Reading;
using Tiebreak.Data.Submissions;

namespace Tiebreak.App.Submissions;

/// <summary>Files of preferences as they are compared: by id, in the order of the file.</summary>
internal static class PreferencesById
{
    /// <summary>Reads a file; what is remarkable about it is noted.</summary>
    /// <exception cref="InputException">The file cannot be used.</exception>
    public static OrderedDictionary<string, Preference> Read(JobContext context, string path, SubmissionScale scale)
    {
        var file = PredictionFile.Read(path, scale);
        foreach (var remark in file.Remarks)
            context.OnNote(remark);
        var rows = new OrderedDictionary<string, Preference>(IdComparer.Instance);
        foreach (var row in file.Rows)
            rows[row.Id] = row.Preference;
        return rows;
    }
}
