namespace Slipway.EndToEnd.Tests.Images;

/// <summary>Builds both images before the first of their tests, and removes all that it took after the last.</summary>
[SetUpFixture]
internal sealed class ImagesSetUp
{
    private static ImageStore? _store;

    public static ImageStore Store => _store ?? throw new InvalidOperationException("The images have not been built.");

    [OneTimeSetUp]
    public async Task Build()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("Unpacking an image and entering it needs root: run the long tests as root to test the images.");
        }

        _store = new();
        await _store.MakeBasesAsync();
        await _store.BuildAsync();
    }

    [OneTimeTearDown]
    public void Remove() => _store?.Dispose();
}
