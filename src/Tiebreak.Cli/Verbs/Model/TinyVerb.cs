using System.CommandLine;
using System.Globalization;
using Tiebreak.Cli.Output;
using Tiebreak.Transformers.Export;

namespace Tiebreak.Cli.Verbs.Model;

internal sealed class TinyVerb : Verb
{
    private readonly Option<string> _out = new("--out") { Description = "The folder to write.", Required = true };

    public TinyVerb(Surface surface)
        : base("tiny", "Write a tiny decoder of random weights that reads bytes, to try tuning without a download.", surface)
    {
        Add(_out);
        Examples = ["model tiny --out tiny-decoder", "train tiny-decoder --data train.csv --out judge"];
    }

    protected override async Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var folder = parse.GetRequiredValue(_out);
        var weights = await TinyDecoder.WriteAsync(folder, session.Seed);
        session.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"Wrote {folder}: a decoder of {weights:N0} random weights, which knows nothing. `tiebreak model fetch` brings real ones."));
        session.Emit(new TinyModel(folder, weights), () => CommandJson.Default.TinyModel);
        return TiebreakCommand.Ok;
    }
}

/// <summary>A model of random weights that was written.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Parameters">How many weights it has.</param>
internal sealed record TinyModel(string Folder, long Parameters);
