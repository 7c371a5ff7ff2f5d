using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Tiebreak.Core;
using Tiebreak.Testing;
using Tiebreak.Transformers.Export;
using Tiebreak.Transformers.Tests.Adapters;
using Tiebreak.Transformers.Tests.Export;

namespace Tiebreak.Transformers.Tests;

/// <summary>
/// Whatever becomes of the settings of a good model when bytes of them are exchanged, dropped or repeated, or a value takes the place of
/// another: loading ends with a model or a sentence.
/// </summary>
public sealed class SettingsFuzzTests : IDisposable
{
    private static readonly string[] Values =
    [
        "null", "0", "-1", "1", "2", "7", "268435456", "99999999999", "1e999", "0.5", "true", "\"x\"", "[]", "[1]", "{}", "[\"a\", 2]",
    ];

    private static readonly Gen<Damage[]> Damages =
        Gen.Select(
            Gen.Int[0, Damage.Kinds - 1],
            Gen.Int[0, 100_000],
            Gen.Byte,
            (kind, place, value) => new Damage(kind, place, value)).Array[0, 3];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Targets =>
        ["decoder's config.json", "encoder's config.json", "packed config.json", "adapter_config.json", "qwen3_moe", "modernbert"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Targets))]
    public Task Damaged_settings_are_read_or_refused(string target) => FuzzAsync(target, seconds: 1);

    [SlowTheory]
    [MemberData(nameof(Targets))]
    public Task Damaged_settings_are_read_or_refused_for_long(string target) => FuzzAsync(target, FuzzTime.LongSeconds);

    private async Task FuzzAsync(string target, int seconds)
    {
        var (folder, adapter) = await WriteAsync(target);
        var path = adapter is null ? Path.Combine(folder, "config.json") : Path.Combine(adapter, "adapter_config.json");
        var good = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var fields = JsonNode.Parse(good)!.AsObject().Count;
        using var time = new FuzzTime(target);
        Gen.Select(Damages, Gen.Int[0, fields - 1], Gen.Int[-Values.Length, Values.Length - 1]).Sample(
            (damages, field, value) => time.Read(damages, () =>
            {
                // One in two has a value exchanged, so that what is said about values is reached as well as what is said about JSON.
                var text = value < 0 ? good : Exchanged(good, field, Values[value]);
                File.WriteAllBytes(path, value < 0 ? Damage.Apply(Encoding.UTF8.GetBytes(text), damages) : Encoding.UTF8.GetBytes(text));
                try
                {
                    TransformerModel.Load(folder, adapter: adapter).Dispose();
                }
                catch (InputException exception)
                {
                    Assert.DoesNotContain('\n', exception.Message);
                }
            }),
            time: seconds,
            threads: 1); // one file, one model at a time
    }

    private static string Exchanged(string good, int field, string value)
    {
        var settings = JsonNode.Parse(good)!.AsObject();
        var name = settings.ElementAt(field).Key;
        settings[name] = "the value";
        return settings.ToJsonString().Replace("\"the value\"", value, StringComparison.Ordinal);
    }

    private async Task<(string Folder, string? Adapter)> WriteAsync(string target)
    {
        switch (target)
        {
            case "encoder's config.json":
                TinyCheckpoint.Write(_folder, TinyCheckpoint.Deberta);
                return (_folder.Path, null);
            case "packed config.json":
                ModelQuantizerTests.WriteWide(_folder);
                _ = await ModelQuantizer.RunAsync(
                    _folder.Path, _folder["packed"], new QuantizationOptions { Format = QuantizationFormat.Nf4 }, []);
                return (_folder["packed"], null);
            default:
                TinyCheckpoint.Write(_folder, TinyFamilies.Configurations.GetValueOrDefault(target, TinyCheckpoint.Gemma2));
                return (_folder.Path, target is "adapter_config.json" ? TinyAdapter.Write(_folder) : null);
        }
    }
}
