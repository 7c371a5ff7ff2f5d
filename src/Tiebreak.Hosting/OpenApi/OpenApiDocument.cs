namespace Tiebreak.Hosting.OpenApi;

/// <summary>
/// The description of the API (OpenAPI 3.1). It is written by hand, because the bodies of streams are read line by line and no type of the
/// program stands for them; tests compare it with the routes and with what they answer.
/// </summary>
internal static class OpenApiDocument
{
    /// <summary>Where it is served.</summary>
    public const string Path = "/openapi/v1.json";

    /// <summary>The document as JSON.</summary>
    public static byte[] Read()
    {
        using var stream = typeof(OpenApiDocument).Assembly.GetManifestResourceStream("openapi.json")!;
        var json = new byte[stream.Length];
        stream.ReadExactly(json);
        return json;
    }
}
