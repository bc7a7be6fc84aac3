using System.Text;
using Slipway.DevCluster.Nodes.Volumes;

namespace Slipway.DevCluster.Tests.Nodes.Volumes;

internal sealed class AtomicDirectoryTests
{
    private string _path = "";

    [SetUp]
    public void MakeDirectory() => _path = Directory.CreateTempSubdirectory("atomic-").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(_path, recursive: true);

    [Test]
    public void Files_change_all_at_once_behind_one_link()
    {
        var directory = new AtomicDirectory(_path, TimeProvider.System);
        directory.Write([File("a", "1"), File("b", "1")]).Should().BeTrue();
        var first = new DirectoryInfo(Path.Combine(_path, "..data")).LinkTarget;

        directory.Write([File("a", "2"), File("sub/c", "2")]).Should().BeTrue();

        System.IO.File.ReadAllText(Path.Combine(_path, "a")).Should().Be("2");
        System.IO.File.ReadAllText(Path.Combine(_path, "sub", "c")).Should().Be("2");
        System.IO.File.Exists(Path.Combine(_path, "b")).Should().BeFalse();
        Directory.Exists(Path.Combine(_path, first!)).Should().BeFalse();
    }

    [Test]
    public void Equal_files_are_not_written_again()
    {
        var directory = new AtomicDirectory(_path, TimeProvider.System);
        directory.Write([File("a", "1")]);

        directory.Write([File("a", "1")]).Should().BeFalse();
    }

    private static VolumeFile File(string path, string text) => new(path, Encoding.UTF8.GetBytes(text), Convert.ToInt32("644", 8));
}
