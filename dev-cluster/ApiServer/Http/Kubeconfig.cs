using System.Text;

namespace Slipway.DevCluster.ApiServer.Http;

/// <summary>The file by which kubectl and helm find the server.</summary>
internal static class Kubeconfig
{
    public static string Text(Uri address, string token, string authorityPem) => $"""
        apiVersion: v1
        kind: Config
        clusters:
        - name: slipway-dev
          cluster:
            server: {address.GetLeftPart(UriPartial.Authority)}
            certificate-authority-data: {Convert.ToBase64String(Encoding.UTF8.GetBytes(authorityPem))}
        users:
        - name: slipway-dev
          user:
            token: {token}
        contexts:
        - name: slipway-dev
          context:
            cluster: slipway-dev
            user: slipway-dev
            namespace: default
        current-context: slipway-dev

        """;

    /// <summary>Writes the file so that only its owner can read it; the token in it is a password.</summary>
    public static void Write(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), options);
        writer.Write(text);
    }
}
