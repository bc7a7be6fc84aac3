namespace Slipway.ModelServer.Tests.Hosting;

/// <summary>A model repository in a temporary folder, gone with <see cref="Dispose"/>.</summary>
internal sealed class ModelFolder : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("slipway-test-");

    public string Path => System.IO.Path.Combine(_root.FullName, "models");

    public Uri Uri => new($"file://{Path}");

    public string Cache => System.IO.Path.Combine(_root.FullName, "cache");

    public string Other(string name) => System.IO.Path.Combine(_root.FullName, name);

    public ModelFolder With(string version, string file, byte[] content)
    {
        var path = System.IO.Path.Combine(Path, version, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return this;
    }

    public string Credentials => Other("credentials");

    /// <summary>Adds or replaces a key of the mounted Secret.</summary>
    public ModelFolder WithSecret(string key, string value) => With("../credentials", key, System.Text.Encoding.UTF8.GetBytes(value));

    public ModelFolder WithModel(byte[] model, string version = "1") => With(version, "model.onnx", model);

    /// <summary>Takes a version away; empty takes all, and the folder too.</summary>
    public void Remove(string version) => Directory.Delete(System.IO.Path.Combine(Path, version), recursive: true);

    /// <summary>Puts a text file beside version 1's model.</summary>
    public ModelFolder WithText(string file, string content) => With("1", file, System.Text.Encoding.UTF8.GetBytes(content));

    public void Dispose() => _root.Delete(recursive: true);
}
