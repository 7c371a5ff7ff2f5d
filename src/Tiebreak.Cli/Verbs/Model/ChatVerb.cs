using System.CommandLine;
using System.Text.Json;
using Tiebreak.Cli.Output;
using Tiebreak.Core;
using Tiebreak.Core.Files;
using Tiebreak.Tokenization.Chat;

namespace Tiebreak.Cli.Verbs.Model;

internal sealed class ChatVerb : Verb
{
    private readonly Option<string> _input = new("--input")
    {
        Description = "Conversations, one JSON object a line: {\"template\"?, \"messages\"?, \"add_generation_prompt\"?, \"variables\"?}.",
        Required = true,
    };
    private readonly Option<string> _out = new("--out")
    {
        Description = "The file to write, a JSON object with \"text\" or \"error\" for each line.",
        Required = true,
    };
    private readonly Option<string?> _template = new("--template")
    {
        Description = "A Jinja file, for lines without a template of their own.",
    };
    private readonly Option<string?> _tokenizer = new("--tokenizer")
    {
        Description = "Instead of --template: a model's folder, whose template and special tokens are used.",
    };
    private readonly Option<DateTime?> _now = new("--now")
    {
        Description = "The time that templates see which ask for it, such as 2026-07-01. Without it: the present.",
    };

    public ChatVerb(Surface surface)
        : base("chat", "Write conversations with a chat template, as transformers' apply_chat_template does.", surface)
    {
        Examples =
        [
            "model chat --tokenizer gemma-2 --input conversations.jsonl --out texts.jsonl",
            "model chat --template chat_template.jinja --input conversations.jsonl --out texts.jsonl",
        ];
        Add(_input);
        Add(_out);
        Add(_template);
        Add(_tokenizer);
        Add(_now);
    }

    protected override Task<int> RunAsync(ParseResult parse, Session session, CancellationToken cancellationToken)
    {
        var (input, path) = (parse.GetRequiredValue(_input), parse.GetRequiredValue(_out));
        var usual = Open(parse.GetValue(_template), parse.GetValue(_tokenizer));
        var now = parse.GetValue(_now) ?? TimeProvider.System.GetLocalNow().DateTime;
        var (texts, errors) = (0L, 0L);
        AtomicFile.Write(path, stream =>
        {
            foreach (var line in ChatLines.Read(input))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (text, error) = Render(line, usual, now);
                Write(stream, text is null ? "error" : "text", text ?? error!);
                texts += text is null ? 0 : 1;
                errors += text is null ? 1 : 0;
            }
        });
        session.Say($"Wrote {path}: {texts:N0} texts, {errors:N0} errors.");
        session.Emit(new RenderedChats(path, texts, errors), () => CommandJson.Default.RenderedChats);
        return Task.FromResult(TiebreakCommand.Ok);
    }

    private static ChatTemplate? Open(string? file, string? folder)
    {
        if (file is not null && folder is not null)
            throw new InputException("Give either --template FILE or --tokenizer DIR.");
        if (folder is not null)
        {
            return ChatTemplate.Find(folder) ?? throw new InputException($"{folder} holds no chat template: neither chat_template.jinja "
                + "nor \"chat_template\" in tokenizer_config.json. Name a Jinja file with --template.");
        }

        return file is null ? null : ChatTemplate.Read(file);
    }

    // The text, or why there is none.
    private static (string? Text, string? Error) Render(ChatLine line, ChatTemplate? usual, DateTime now)
    {
        try
        {
            var template = line.Template is { } source ? ChatTemplate.Parse(source, usual?.SpecialTokens) : usual;
            if (template is null)
                return (null, "The line has no \"template\", and neither --template nor --tokenizer names one.");
            return (line.Messages.ValueKind is JsonValueKind.Undefined
                ? template.Render(line.Variables, now)
                : template.Render(line.Messages, line.AddGenerationPrompt, line.Variables, now), null);
        }
        catch (TiebreakException exception)
        {
            return (null, exception.Message);
        }
    }

    private static void Write(Stream stream, string name, string value)
    {
        using var writer = new Utf8JsonWriter(stream);
        writer.WriteStartObject();
        writer.WriteString(name, value);
        writer.WriteEndObject();
        writer.Flush();
        stream.WriteByte((byte)'\n');
    }
}

/// <summary>Conversations that were written with chat templates.</summary>
/// <param name="Out">The file that was written.</param>
/// <param name="Texts">Lines that became a text.</param>
/// <param name="Errors">Lines that say why there is none.</param>
internal sealed record RenderedChats(string Out, long Texts, long Errors);
