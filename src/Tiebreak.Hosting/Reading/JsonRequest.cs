using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Tiebreak.Core.Json;
using Tiebreak.Hosting.Problems;

namespace Tiebreak.Hosting.Reading;

/// <summary>Reads requests as bytes, and refuses what no program sends on purpose.</summary>
internal static class JsonRequest
{
    /// <summary>Lists in objects in lists: deeper than any request of this service.</summary>
    public const int MaxDepth = 16;

    /// <summary>The media type of a request, which must be one of those that a route reads.</summary>
    /// <exception cref="ApiException">It is another one, or packed in a way that the service does not unpack.</exception>
    public static string MediaTypeOf(HttpRequest request, params ReadOnlySpan<string> known)
    {
        // What is unpacked on the way has lost this header.
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } packing and not "identity")
        {
            throw new ApiException(
                StatusCodes.Status415UnsupportedMediaType, ApiCodes.MediaType,
                $"The content is packed as \"{packing}\"; send it as it is, or with one Content-Encoding: gzip, br or deflate.");
        }

        var stated = request.ContentType?.Split(';')[0].Trim() ?? "";
        foreach (var mediaType in known)
        {
            if (string.Equals(stated, mediaType, StringComparison.OrdinalIgnoreCase))
                return mediaType;
        }

        throw new ApiException(
            StatusCodes.Status415UnsupportedMediaType, ApiCodes.MediaType,
            $"The content type is \"{stated}\"; send {string.Join(" or ", known.ToArray())}.");
    }

    /// <summary>The whole body as one object.</summary>
    /// <exception cref="ApiException">It is too large, or not such an object.</exception>
    public static async Task<T> ReadAsync<T>(
        HttpRequest request, JsonTypeInfo<T> type, int mostBytes, CancellationToken cancellationToken)
    {
        _ = MediaTypeOf(request, MediaTypeNames.Application.Json);
        QueryFlags.RequireOnly(request.Query);
        var body = await ReadBodyAsync(request, mostBytes, cancellationToken).ConfigureAwait(false);
        try
        {
            RequireUnicode(body);
            return JsonSerializer.Deserialize(body, type) ?? throw ApiException.Input("The request is null; send a JSON object.");
        }
        catch (JsonException exception)
        {
            throw NotJson(exception);
        }
        catch (FormatException exception)
        {
            throw ApiException.Input($"The request {exception.Message}.");
        }
    }

    /// <summary>The whole body.</summary>
    /// <exception cref="ApiException">It has more bytes than are allowed.</exception>
    public static async Task<byte[]> ReadBodyAsync(HttpRequest request, int mostBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > mostBytes)
            throw TooManyBytes(mostBytes);

        var reader = request.BodyReader;
        while (true)
        {
            var read = await PackedBody.ReadAsync(reader, cancellationToken).ConfigureAwait(false);
            if (read.Buffer.Length > mostBytes)
                throw TooManyBytes(mostBytes);
            if (read.IsCompleted)
            {
                var body = System.Buffers.BuffersExtensions.ToArray(read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Refuses a list of texts with something else in it, which types do not say.</summary>
    /// <exception cref="ApiException">A text is null.</exception>
    public static void RequireTexts(IReadOnlyList<string?> texts, string key)
    {
        if (texts.Any(text => text is null))
            throw ApiException.Input($"\"{key}\" holds null; it is a list of texts.");
    }

    /// <summary>Refuses bytes that are not UTF-8, and texts with half of a surrogate pair: they would be judged as other texts.</summary>
    /// <exception cref="FormatException">They are; the message says why, without the place.</exception>
    public static void RequireUnicode(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            throw new FormatException("is not UTF-8");

        // Escapes of surrogates are rare, and looking closer costs as much as reading the JSON.
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
            return;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            using var document = JsonDocument.ParseValue(ref reader);
            JsonText.RequireUnicode(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new FormatException(JsonText.Reason(exception), exception);
        }
    }

    /// <summary>The elements of a list, or the one object that stands in its place.</summary>
    /// <exception cref="ApiException">Not JSON, neither list nor object, or the list is too long.</exception>
    public static List<ReadOnlyMemory<byte>> Elements(ReadOnlyMemory<byte> body, int most, out bool isList)
    {
        try
        {
            var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            isList = reader.TokenType == JsonTokenType.StartArray;
            if (!isList && reader.TokenType != JsonTokenType.StartObject)
                throw ApiException.Input("The request is neither a battle, which is a JSON object, nor a list of battles.");

            var elements = new List<ReadOnlyMemory<byte>>();
            while (!isList || (reader.Read() && reader.TokenType != JsonTokenType.EndArray))
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                elements.Add(body[start..(int)reader.BytesConsumed]);
                if (elements.Count > most)
                {
                    throw ApiException.TooLarge(
                        Invariant($"The list has more than {most:N0} battles. Send them in parts, or as application/x-ndjson."));
                }

                if (!isList)
                    break;
            }

            return reader.Read() ? throw ApiException.Input("The request has text after the JSON value.") : elements;
        }
        catch (JsonException exception)
        {
            throw NotJson(exception);
        }
    }

    /// <summary>The request is not JSON, or another one than is asked for.</summary>
    private static ApiException NotJson(JsonException exception) =>
        ApiException.Input($"The request is not valid JSON: {JsonText.Reason(exception).TrimEnd('.')}.");

    private static ApiException TooManyBytes(int most) =>
        ApiException.TooLarge(Invariant($"The request has more than {most:N0} bytes. Send it in parts."));
}
