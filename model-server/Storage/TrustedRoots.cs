using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Slipway.ModelServer.Storage;

/// <summary>Certificate authorities of the user's own, trusted besides the system's.</summary>
/// <param name="pem">Their certificates; null for none. Asked at each handshake, so that they can change without a restart.</param>
internal sealed class TrustedRoots(Func<string?> pem)
{
    /// <summary>The key in the credentials that every store's client trusts.</summary>
    public const string Key = "ca.crt";

    public bool Accepts(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) || pem() is not { } text)
        {
            return false;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1")); // servers
        foreach (var element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        try
        {
            own.ChainPolicy.CustomTrustStore.ImportFromPem(text);
        }
        catch (CryptographicException exception)
        {
            throw new StoreException(StoreTrouble.Transient, $"The authorities to trust are no PEM certificates: {exception.Message}", exception);
        }

        using var presented = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return own.Build(presented);
    }
}
