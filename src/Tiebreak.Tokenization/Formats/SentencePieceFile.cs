using System.Text;
using Tiebreak.Core;

namespace Tiebreak.Tokenization.Formats;

/// <summary>The content of a SentencePiece model (https://github.com/google/sentencepiece, sentencepiece_model.proto).</summary>
internal sealed class SentencePieceFile
{
    private const int Unigram = 1;
    private const int BytePair = 2;
    private const string FileKind = "SentencePiece model";

    public List<SentencePiece> Pieces { get; } = [];

    public required string Path { get; init; }

    public bool IsUnigram { get; private set; } = true;

    public bool HasByteFallback { get; private set; }

    /// <summary>add_dummy_prefix</summary>
    public bool AddsPrefix { get; private set; } = true;

    /// <summary>remove_extra_whitespaces</summary>
    public bool FoldsSpaces { get; private set; } = true;

    /// <summary>precompiled_charsmap; empty where there is none.</summary>
    public byte[] Charsmap { get; private set; } = [];

    /// <summary>Id of the BOS piece, or -1.</summary>
    public int Bos { get; private set; } = 1;

    public int Unknown => Pieces.FindIndex(piece => piece.Kind is SentencePieceKind.Unknown);

    /// <summary>Reads a model.</summary>
    /// <exception cref="InputException">It is damaged or of a kind that is not known.</exception>
    public static SentencePieceFile Read(ReadOnlySpan<byte> content, string path)
    {
        var file = new SentencePieceFile { Path = path };
        var reader = new ProtobufReader(content, path, FileKind);
        while (reader.Read())
        {
            if (reader.Field == 1)
                file.ReadPiece(reader.Bytes);
            else if (reader.Field == 2)
                file.ReadTrainer(reader.Bytes);
            else if (reader.Field == 3)
                file.ReadNormalizer(reader.Bytes);
        }

        if (file.Pieces.Count == 0 || file.Unknown < 0)
        {
            throw new InputException($"{path} is not a whole SentencePiece model: it has {file.Pieces.Count} pieces and "
                + $"{(file.Unknown < 0 ? "none" : "one")} of them is the unknown piece. Download it again.");
        }

        return file;
    }

    /// <summary>The tokenizer as SentencePiece itself runs it.</summary>
    public TokenizerParts AsItIs() => new SentencePieceBuilder(this).AsItIs();

    /// <summary>The tokenizer as transformers converts it into a fast one.</summary>
    public TokenizerParts AsFast(TokenizerConfig? config) => new SentencePieceBuilder(this).AsFast(config);

    private void ReadPiece(ReadOnlySpan<byte> message)
    {
        var (text, score, kind) = ("", 0f, SentencePieceKind.Normal);
        var reader = new ProtobufReader(message, Path, FileKind);
        while (reader.Read())
        {
            if (reader.Field == 1)
                text = Encoding.UTF8.GetString(reader.Bytes);
            else if (reader.Field == 2)
                score = reader.Single;
            else if (reader.Field == 3)
                kind = (SentencePieceKind)(int)reader.Number;
        }

        if (text.Length is 0 or > VocabularyLimits.MaxTokenBytes || !float.IsFinite(score) || Pieces.Count >= VocabularyLimits.MaxIds)
        {
            throw new InputException(
                $"{Path}: piece {Pieces.Count} is empty, too long or without a score. The file is damaged; download it again.");
        }

        Pieces.Add(new SentencePiece(text, score, kind));
    }

    private void ReadTrainer(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message, Path, FileKind);
        while (reader.Read())
        {
            if (reader.Field == 3)
            {
                IsUnigram = (int)reader.Number is Unigram || ((int)reader.Number is BytePair
                    ? false
                    : throw new InputException($"{Path} is a SentencePiece model of words or characters; Tiebreak knows unigram and BPE."));
            }
            else if (reader.Field == 24 && reader.Number != 0)
            {
                throw new InputException(
                    $"{Path} writes white space behind words (treat_whitespace_as_suffix), which Tiebreak does not know.");
            }
            else if (reader.Field == 35)
            {
                HasByteFallback = reader.Number != 0;
            }
            else if (reader.Field == 41)
            {
                Bos = (int)reader.Number;
            }
        }
    }

    private void ReadNormalizer(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message, Path, FileKind);
        while (reader.Read())
        {
            if (reader.Field == 2)
                Charsmap = reader.Bytes.ToArray();
            else if (reader.Field == 3)
                AddsPrefix = reader.Number != 0;
            else if (reader.Field == 4)
                FoldsSpaces = reader.Number != 0;
            else if (reader.Field == 5 && reader.Number == 0)
                throw new InputException($"{Path} does not escape white space, which Tiebreak does not know.");
        }
    }
}

/// <summary>A piece of a SentencePiece model; its place in the list is its id.</summary>
/// <param name="Text">The piece.</param>
/// <param name="Score">Log probability (unigram) or minus its rank (BPE).</param>
/// <param name="Kind">What it is for.</param>
internal readonly record struct SentencePiece(string Text, float Score, SentencePieceKind Kind);

/// <summary>What a SentencePiece piece is for; the numbers are those of sentencepiece_model.proto.</summary>
internal enum SentencePieceKind
{
    None = 0,
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}
