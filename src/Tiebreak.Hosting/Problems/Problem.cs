using System.Text.Json.Serialization;

namespace Tiebreak.Hosting.Problems;

/// <summary>A problem document (RFC 9457).</summary>
/// <param name="Type">A name of the kind of problem.</param>
/// <param name="Title">The HTTP status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong, where, and how to fix it.</param>
/// <param name="Code">What kind of problem it is, for programs; it stays the same when sentences change.</param>
internal sealed record Problem(string Type, string Title, int Status, string Detail, string Code)
{
    public const string MediaType = "application/problem+json";

    /// <summary>The parameters that <see cref="Detail"/> names between backticks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Parameters { get; init; }

    /// <summary>After which time it is worth to ask again; not part of the document, but a header.</summary>
    [JsonIgnore]
    public TimeSpan? RetryAfter { get; init; }

    public static Problem Of(int status, string code, string detail) =>
        new($"urn:tiebreak:problem:{code}", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), status, detail, code);
}
