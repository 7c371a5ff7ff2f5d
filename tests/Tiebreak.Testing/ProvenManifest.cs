using System.Security.Cryptography;
using System.Text;

namespace Tiebreak.Testing;

/// <summary>The manifest of a bundle, identifier or policy, changed together with the file that states its hash.</summary>
public static class ProvenManifest
{
    /// <summary>Writes the manifest and its hash, so that only what it says can be found wrong.</summary>
    public static void Write(string path, string text)
    {
        File.WriteAllText(path, text);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        File.WriteAllText(Path.ChangeExtension(path, ".sha256"), $"{hash}  {Path.GetFileName(path)}\n");
    }
}
