using Microsoft.Extensions.Time.Testing;
using Slipway.ModelServer.Repository;
using Slipway.ModelServer.Storage;

namespace Slipway.ModelServer.Tests.Repository;

[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class StoredVersionsTests
{
    private readonly FakeTimeProvider _clock = new();

    [Test]
    public async Task A_folder_with_a_model_is_a_version(CancellationToken cancellationToken)
    {
        var store = new ScriptedStore { Folders = { ["7"] = ["model.onnx"], ["8"] = ["readme.txt"] } };
        using var versions = new StoredVersions(store, _clock);

        (await versions.HoldsAsync("7", cancellationToken)).Should().BeTrue();
        (await versions.HoldsAsync("8", cancellationToken)).Should().BeFalse();
        (await versions.HoldsAsync("9", cancellationToken)).Should().BeFalse();
    }

    [TestCase("")]
    [TestCase("..")]
    [TestCase("latest")]
    [TestCase("../secrets")]
    [TestCase("7/8")]
    public async Task What_cannot_be_a_version_is_not_asked_for(string name, CancellationToken cancellationToken)
    {
        var store = new ScriptedStore { Folders = { [name] = ["model.onnx"] } };
        using var versions = new StoredVersions(store, _clock);

        (await versions.HoldsAsync(name, cancellationToken)).Should().BeFalse();
        (store.Listings, store.Looks).Should().Be((0, 0));
    }

    [Test]
    public async Task Clients_that_name_anything_have_storage_asked_no_oftener([Values] bool canList, CancellationToken cancellationToken)
    {
        var store = new ScriptedStore { CanList = canList, Folders = { ["7"] = ["model.onnx"] } };
        using var versions = new StoredVersions(store, _clock);

        for (var i = 0; i < 100; i++)
        {
            (await versions.HoldsAsync("7", cancellationToken)).Should().BeTrue();
            (await versions.HoldsAsync("9", cancellationToken)).Should().BeFalse();
        }

        (store.Listings, store.Looks).Should().Be(canList ? (1, 1) : (0, 2));
    }

    [Test]
    public async Task A_version_that_appears_is_found_after_a_while([Values] bool canList, CancellationToken cancellationToken)
    {
        var store = new ScriptedStore { CanList = canList };
        using var versions = new StoredVersions(store, _clock);
        await versions.HoldsAsync("7", cancellationToken);
        store.Folders["7"] = ["model.onnx"];

        (await versions.HoldsAsync("7", cancellationToken)).Should().BeFalse();
        _clock.Advance(StoredVersions.Believed);
        (await versions.HoldsAsync("7", cancellationToken)).Should().BeTrue();
    }

    [Test]
    public async Task Trouble_is_told_and_asked_again(CancellationToken cancellationToken)
    {
        var store = new ScriptedStore { Folders = { ["7"] = ["model.onnx"] }, Trouble = new(StoreTrouble.Transient, "It burns.") };
        using var versions = new StoredVersions(store, _clock);

        await versions.Invoking(each => each.HoldsAsync("7", cancellationToken)).Should().ThrowAsync<StoreException>();
        store.Trouble = null;
        (await versions.HoldsAsync("7", cancellationToken)).Should().BeTrue();
    }

    private sealed class ScriptedStore : IModelStore
    {
        public Dictionary<string, string[]> Folders { get; } = [];

        public StoreException? Trouble { get; set; }

        public int Listings { get; private set; }

        public int Looks { get; private set; }

        public string Address => "scripted://";

        public bool CanList { get; init; } = true;

        public Task<IReadOnlyList<StoredFile>> ListAsync(
            string version, IReadOnlyCollection<string> named, int most, CancellationToken cancellationToken)
        {
            Looks++;
            return Trouble is null
                ? Task.FromResult<IReadOnlyList<StoredFile>>([.. Folders.GetValueOrDefault(version, []).Select(file => new StoredFile(file, 1, ""))])
                : throw Trouble;
        }

        public Task<IReadOnlyList<string>> ListFoldersAsync(int most, CancellationToken cancellationToken)
        {
            Listings++;
            return Trouble is null ? Task.FromResult<IReadOnlyList<string>>([.. Folders.Keys]) : throw Trouble;
        }

        public Task<Stream> OpenAsync(string version, StoredFile file, long offset, long length, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
