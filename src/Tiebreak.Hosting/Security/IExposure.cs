using System.Security.Cryptography.X509Certificates;

namespace Tiebreak.Hosting.Security;

/// <summary>Where a server listens and whom it lets in.</summary>
internal interface IExposure
{
    /// <summary>The addresses to listen on.</summary>
    IReadOnlyList<string> Urls { get; }

    /// <summary>The callers that are let in; null to let everybody in.</summary>
    IReadOnlyList<ApiKey>? Keys { get; }

    /// <summary>The certificate of encrypted addresses; null for none.</summary>
    X509Certificate2? Certificate { get; }

    /// <summary>Names by which the service may be asked, beside those of the loopback interface and of <see cref="Urls"/>.</summary>
    IReadOnlyList<string> Hosts { get; }

    /// <summary>Whether something before the service encrypts what goes over the network.</summary>
    bool IsBehindProxy { get; }
}
