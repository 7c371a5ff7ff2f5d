namespace Tiebreak.Tokenization.Vocabularies;

/// <summary>
/// The letters that byte-level vocabularies write bytes with: printable Latin-1 characters stand for themselves, the other bytes for U+0100
/// and on (space is Ġ, newline Ċ). From the GPT-2 encoder,
/// https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Letters = CreateLetters();
    private static readonly short[] Bytes = CreateBytes();

    /// <summary>The letter of a byte.</summary>
    public static char LetterOf(byte value) => Letters[value];

    /// <summary>The bytes that a token is written for, or null where a letter is none of the alphabet.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            if (token[i] >= Bytes.Length || Bytes[token[i]] < 0)
                return null;
            bytes[i] = (byte)Bytes[token[i]];
        }

        return bytes;
    }

    /// <summary>Bytes written with the letters.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var letters = new char[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
            letters[i] = Letters[bytes[i]];
        return new string(letters);
    }

    private static char[] CreateLetters()
    {
        var letters = new char[256];
        var next = 256;
        for (var i = 0; i < 256; i++)
            letters[i] = i is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)i : (char)next++;
        return letters;
    }

    private static short[] CreateBytes()
    {
        var bytes = new short[Letters.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (var i = 0; i < 256; i++)
            bytes[Letters[i]] = (short)i;
        return bytes;
    }
}
