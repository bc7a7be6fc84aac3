namespace Slipway.EndToEnd.Tests.Images;

/// <summary>A temporary folder that the user of an image may read and write; its owner alone may enter one otherwise.</summary>
internal sealed class SharedFolder : IDisposable
{
    private const UnixFileMode Everyone = (UnixFileMode)0b111_111_111;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-image-");

    public SharedFolder() => File.SetUnixFileMode(Path, Everyone);

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
