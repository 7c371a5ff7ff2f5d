using System.CommandLine;

namespace Tiebreak.Cli.Verbs.Identify;

/// <summary>Where it is written which models are taken for which, besides the terminal.</summary>
internal sealed class ConfusionOptions(Command verb) : ResultFileOptions(
    verb,
    "Also write who was taken for whom as CSV (writer, said, responses).",
    "Also draw the confusion of models (or of families, where models are many): an .svg file.");
