using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Tests.Batching;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.DataPlane;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class VersionTableTests : IDisposable
{
    private readonly VersionTable _table = new();
    private readonly LoadedModel _model = new(TestModels.Double());

    public void Dispose() => _model.Dispose();

    [Test]
    public void A_request_without_a_version_enters_the_newest_that_is_ready()
    {
        _table.Add(_model.Version("9"));
        _table.Add(_model.Version("10"));
        _table.Set("11", VersionState.Loading, "");

        _table.TryEnter("", out var known)!.Version.Should().Be("10");
        known.Should().BeTrue();
    }

    [Test]
    public void A_version_that_is_known_and_not_ready_is_told_from_one_that_is_unknown()
    {
        _table.Set("2", VersionState.Loading, "");

        _table.TryEnter("2", out var known).Should().BeNull();
        known.Should().BeTrue();
        _table.TryEnter("3", out known).Should().BeNull();
        known.Should().BeFalse();
    }

    [Test]
    public async Task While_versions_replace_each_other_there_is_always_one_to_enter()
    {
        _table.Add(_model.Version("0"));
        var failed = 0;
        var stop = false;
        var entering = Task.Factory.StartNew(
            () =>
            {
                while (!Volatile.Read(ref stop))
                {
                    if (_table.TryEnter("", out _) is { } entered)
                    {
                        entered.Leave();
                    }
                    else
                    {
                        failed++;
                    }
                }
            },
            TaskCreationOptions.LongRunning);

        for (var i = 1; i <= 300; i++)
        {
            using var next = new LoadedModel(TestModels.Double());
            _table.Add(next.Version($"{i}"));
            await _table.Withdraw($"{i - 1}", "")!.RetireAsync();
            _table.Remove($"{i - 1}");
        }

        Volatile.Write(ref stop, true);
        await entering;
        failed.Should().Be(0);
    }

    [Test]
    public async Task A_retired_version_answers_who_is_inside_and_lets_nobody_in()
    {
        var version = _model.Version("1");
        _table.Add(version);
        var inside = _table.TryEnter("1", out _)!;

        var retiring = _table.Withdraw("1", "replaced")!.RetireAsync();
        var enteredAfter = inside.TryEnter();
        var before = retiring.IsCompleted;
        inside.Leave();
        await retiring;

        enteredAfter.Should().BeFalse();
        before.Should().BeFalse();
        _table.Newest.Should().BeNull();
        _table.Entries.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Version = "1", State = VersionState.Unloading, Reason = "replaced" });
    }
}
