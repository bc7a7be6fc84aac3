using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>
/// An authority made for one run of the server and the server's own certificate of it. Both end with the process; no key touches the disk.
/// </summary>
internal sealed class ServerCertificate : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromHours(1);

    private ServerCertificate(X509Certificate2 authority, X509Certificate2 server)
    {
        Authority = authority;
        Server = server;
    }

    public X509Certificate2 Authority { get; }
    public X509Certificate2 Server { get; }

    /// <summary>The authority as clients are told of it.</summary>
    public string AuthorityPem => Authority.ExportCertificatePem();

    public static ServerCertificate Create(IPAddress address, DateTimeOffset now)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=slipway-dev-ca", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        authorityRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authorityRequest.PublicKey, false));
        var authority = authorityRequest.CreateSelfSigned(now - ClockSkew, now + Lifetime);

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=slipway-dev", serverKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], false));
        request.CertificateExtensions.Add(Names(address));
        using var signed = request.Create(authority, now - ClockSkew, now + Lifetime, RandomNumberGenerator.GetBytes(16));
        return new ServerCertificate(authority, signed.CopyWithPrivateKey(serverKey));
    }

    public void Dispose()
    {
        Authority.Dispose();
        Server.Dispose();
    }

    private static X509Extension Names(IPAddress address)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        if (!address.Equals(IPAddress.Loopback))
        {
            names.AddIpAddress(address);
        }

        foreach (var name in (string[])["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"])
        {
            names.AddDnsName(name);
        }

        return names.Build();
    }
}
