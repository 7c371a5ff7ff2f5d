using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;
using Tiebreak.Core;
using Tiebreak.Torch;
using Tiebreak.Torch.Checkpoints;

namespace Tiebreak.Cli.Verbs.Model;

internal sealed class InspectVerb : Verb
{
    private readonly Argument<string> _folder = new("folder") { Description = "A Hugging Face folder, or one file of weights." };
    private readonly Option<bool> _tensors = new("--tensors") { Description = "List every tensor." };

    public InspectVerb(Surface surface)
        : base(
            "inspect",
            "Say what a checkpoint holds and what is wrong with it; exit code 1 if something is. Examples: tiebreak model inspect gemma-2-9b-it; tiebreak model inspect adapter --tensors --json",
            surface)
    {
        Add(_folder);
        Add(_tensors);
    }

    protected override Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var folder = parse.GetRequiredValue(_folder);
        var architecture = Architecture(Path.Combine(folder, "config.json"));
        using var checkpoint = Checkpoint.Open(folder);
        var problems = NonFinite(checkpoint, cancellationToken);
        var hasAdapter = File.Exists(Path.Combine(folder, "adapter_config.json"));
        var types = checkpoint.Entries.GroupBy(entry => entry.Type)
            .ToDictionary(group => group.Key.SafetensorsName(), group => group.Sum(entry => entry.Count), StringComparer.Ordinal);
        var (parameters, bytes) = (checkpoint.Entries.Sum(entry => entry.Count), checkpoint.Files.Sum(file => new FileInfo(file).Length));

        session.Say($"{checkpoint.Path}: {architecture ?? "no config.json"}{(hasAdapter ? ", a PEFT adapter" : "")}");
        session.Say($"{checkpoint.Entries.Count:N0} tensors, {parameters:N0} elements ({string.Join(", ", types.Select(type => $"{type.Key} {type.Value:N0}"))}), {bytes:N0} bytes in {checkpoint.Files.Count} files");
        if (parse.GetValue(_tensors))
            session.Show(Picture(checkpoint.Entries));
        foreach (var problem in problems)
            session.Say($"Problem: {problem}");
        session.Emit(new JsonObject
        {
            ["path"] = checkpoint.Path,
            ["architecture"] = architecture,
            ["adapter"] = hasAdapter,
            ["tensors"] = checkpoint.Entries.Count,
            ["elements"] = parameters,
            ["bytes"] = bytes,
            ["files"] = new JsonArray([.. checkpoint.Files.Select(file => JsonValue.Create(file))]),
            ["dtypes"] = new JsonObject(types.Select(type => KeyValuePair.Create(type.Key, (JsonNode?)JsonValue.Create(type.Value)))),
            ["list"] = parse.GetValue(_tensors) ? ToJson(checkpoint.Entries) : null,
            ["problems"] = new JsonArray([.. problems.Select(problem => JsonValue.Create(problem))]),
        });
        return Task.FromResult(problems.Count == 0 ? TiebreakCommand.Ok : TiebreakCommand.Failed);
    }

    private static List<string> NonFinite(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (var entry in checkpoint.Entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (checkpoint.CountNonFinite(entry.Name) is > 0 and var count)
                problems.Add($"{entry.Name} in {entry.Path} holds {count:N0} values that are NaN or infinite.");
        }

        return problems;
    }

    private static string? Architecture(string config)
    {
        if (!File.Exists(config))
            return null;
        ForeignContent.Refuse(config);
        try
        {
            var name = JsonNode.Parse(File.ReadAllBytes(config)) is JsonObject root && root["architectures"] is JsonArray { Count: > 0 } list ? list[0] : null;
            return name is JsonValue value && value.TryGetValue(out string? text) ? text : throw new InputException($"{config} names no architecture (\"architectures\": [\"...\"]).");
        }
        catch (JsonException exception)
        {
            throw new InputException($"{config} is not valid JSON: {exception.Message}", exception);
        }
    }

    private static Table Picture(IReadOnlyList<TensorEntry> entries)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Tensor", "Type", "Shape");
        foreach (var entry in entries)
            table.AddRow(Markup.Escape(entry.Name), entry.Type.SafetensorsName(), string.Join(" x ", entry.Shape));
        return table;
    }

    private static JsonArray ToJson(IReadOnlyList<TensorEntry> entries) => new([.. entries.Select(entry => new JsonObject
    {
        ["name"] = entry.Name,
        ["dtype"] = entry.Type.SafetensorsName(),
        ["shape"] = new JsonArray([.. entry.Shape.Select(size => JsonValue.Create(size))]),
    })]);
}
