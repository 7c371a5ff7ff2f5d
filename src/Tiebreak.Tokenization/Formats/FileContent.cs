using Tiebreak.Core;
using Tiebreak.Core.Files;

namespace Tiebreak.Tokenization.Formats;

/// <summary>Reads a tokenizer's file, and refuses what is none: nothing, too much, a Git LFS pointer, a web page.</summary>
internal static class FileContent
{
    private const long MaxBytes = 256L << 20;

    public static byte[] Read(string path)
    {
        try
        {
            var size = FileSize.Of(path);
            if (size > MaxBytes)
            {
                throw new InputException(
                    $"{path} has {size >> 20} MiB; no tokenizer file is larger than {MaxBytes >> 20} MiB. Name the tokenizer's own file.");
            }

            var bytes = File.ReadAllBytes(path);
            Check(bytes, path);
            return bytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    private static void Check(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length == 0)
            throw new InputException($"{path} is empty. Download it again.");
        if (bytes.StartsWith("version https://git-lfs"u8))
        {
            throw new InputException(
                $"{path} is a Git LFS pointer, not the file itself. Run `git lfs pull` in its repository, or download the file.");
        }

        var start = bytes.TrimStart(" \t\r\n"u8);
        if (start.StartsWith("<!DOCTYPE"u8) || start.StartsWith("<!doctype"u8) || start.StartsWith("<html"u8)
            || start.StartsWith("<HTML"u8))
        {
            throw new InputException(
                $"{path} is an HTML page, not a tokenizer: the download was answered with a web page. Download it again.");
        }
    }
}
