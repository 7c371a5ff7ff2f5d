using Microsoft.Extensions.Options;
using Tiebreak.Core.Judging;

namespace Tiebreak.Hosting;

/// <summary>A judge of a service: its bundle, where it computes, and how much it is asked at once.</summary>
public sealed class TiebreakOptions
{
    /// <summary>Folder of the judge's bundle.</summary>
    public string Judge { get; set; } = "";

    /// <summary>The judge kinds that the service carries; the bundle is of one of them.</summary>
    public IList<IJudgeFormat> Kinds { get; } = [];

    /// <summary>Where the judge computes. Default: the CPU with all cores.</summary>
    public Placement Placement { get; set; } = new();

    /// <summary>Most battles that are judged at once. Default: 256.</summary>
    public int BatchBattles { get; set; } = 256;

    /// <summary>
    /// Most tokens that are judged at once, counted as a quarter of the UTF-8 bytes of the texts; a battle that alone has more is judged
    /// alone. Default: 16,384.
    /// </summary>
    public int BatchTokens { get; set; } = 16_384;

    /// <summary>Most battles that wait; what does not fit is answered with status 429. Default: 4,096.</summary>
    public int QueueBattles { get; set; } = 4096;

    /// <summary>The time of a request that does not name its own. Default: 30 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most bytes of a request that is not streamed, and of one battle. Default: 16 MiB.</summary>
    public int RequestBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Most battles of a request that is not streamed. Default: 1,000.</summary>
    public int RequestBattles { get; set; } = 1000;

    /// <summary>
    /// How often to look whether another bundle has been put into the folder, which is then served without dropping a request; null for
    /// never. While a bundle is replaced, memory holds both. Default: null.
    /// </summary>
    public TimeSpan? ReloadInterval { get; set; }

    /// <summary>Gives other options the same values.</summary>
    internal void CopyTo(TiebreakOptions other)
    {
        other.Judge = Judge;
        foreach (var kind in Kinds)
            other.Kinds.Add(kind);
        other.Placement = Placement;
        (other.BatchBattles, other.BatchTokens, other.QueueBattles) = (BatchBattles, BatchTokens, QueueBattles);
        (other.Timeout, other.RequestBytes, other.RequestBattles) = (Timeout, RequestBytes, RequestBattles);
        other.ReloadInterval = ReloadInterval;
    }

    /// <summary>What is wrong with the options; empty for nothing.</summary>
    internal IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(Judge))
            yield return $"{nameof(Judge)} names no folder.";
        if (Kinds.Count == 0)
            yield return $"{nameof(Kinds)} is empty, so that no bundle can be opened: add the formats of the kinds that you reference.";
        if (BatchBattles < 1 || BatchTokens < 1 || RequestBytes < 1 || RequestBattles < 1)
            yield return "Limits are 1 or more.";
        if (QueueBattles < RequestBattles)
            yield return $"{nameof(QueueBattles)} is less than {nameof(RequestBattles)}: a request of that size would never fit.";
        if (Timeout <= TimeSpan.Zero || ReloadInterval <= TimeSpan.Zero)
            yield return "Times are above zero.";
    }

    /// <summary>Refuses options that cannot work, when the service starts.</summary>
    internal sealed class Validation : IValidateOptions<TiebreakOptions>
    {
        /// <inheritdoc/>
        public ValidateOptionsResult Validate(string? name, TiebreakOptions options)
        {
            string[] problems = [.. options.Problems()];
            return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
