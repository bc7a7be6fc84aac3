using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Operator.Upgrades;
using Slipway.Runtime;

namespace Slipway.Operator.Tests.Upgrades;

internal sealed class UpgradeQueueTests
{
    private readonly List<string> _begun = [];

    [SetUp]
    public void Forget() => _begun.Clear();

    [Test]
    public void As_many_begin_as_may_and_the_next_when_one_is_done()
    {
        var queue = Queue(2);

        Wait(queue, "a", "b", "c", "d");
        _begun.Should().Equal("a", "b");

        Report(queue, "a", UpgradeStep.UnderWay);
        Report(queue, "a", UpgradeStep.None);
        _begun.Should().Equal("a", "b", "c");
        queue.HasTurn(Key("a")).Should().BeFalse("it is done");
        queue.HasTurn(Key("c")).Should().BeTrue();
        queue.HasTurn(Key("d")).Should().BeFalse();
        queue.Count(UpgradeStep.Waiting).Should().Be(1);
        queue.Count(UpgradeStep.UnderWay).Should().Be(2);
    }

    [Test]
    public void One_that_asks_again_keeps_its_place()
    {
        var queue = Queue(1);

        Wait(queue, "a", "b", "c", "b", "a");
        Report(queue, "a", UpgradeStep.None);
        Report(queue, "b", UpgradeStep.None);
        Report(queue, "c", UpgradeStep.None);

        _begun.Should().Equal("a", "b", "c");
    }

    [Test]
    public void While_one_has_failed_nobody_begins()
    {
        var queue = Queue(2);
        Wait(queue, "a", "b", "c", "d");

        Report(queue, "a", UpgradeStep.Failed);
        Report(queue, "b", UpgradeStep.None);
        _begun.Should().Equal("a", "b");

        Report(queue, "a", UpgradeStep.None);
        _begun.Should().Equal("a", "b", "c", "d");
    }

    [Test]
    public void What_a_model_was_before_its_turn_is_remembered_until_it_is_done()
    {
        var queue = Queue(1);
        queue.Report(Key("a"), UpgradeStep.Waiting, isReady: true);
        queue.Report(Key("b"), UpgradeStep.Waiting, isReady: false);

        queue.Report(Key("a"), UpgradeStep.UnderWay, isReady: false);
        queue.WasReady(Key("a")).Should().BeTrue("its turn made it not Ready");
        queue.Report(Key("a"), UpgradeStep.None, isReady: true);
        queue.WasReady(Key("a")).Should().BeFalse();
        queue.WasReady(Key("b")).Should().BeFalse("it was in trouble before");
    }

    [Test]
    public void One_whose_spec_changes_needs_no_turn_any_more()
    {
        var queue = Queue(1);
        Wait(queue, "a", "b", "c");

        Report(queue, "b", UpgradeStep.None);
        Report(queue, "a", UpgradeStep.None);

        _begun.Should().Equal("a", "c");
    }

    [Test]
    public void What_an_earlier_process_began_holds_everybody_up_until_it_is_seen()
    {
        var queue = Queue(3, "x", "y");

        Wait(queue, "a", "b");
        Report(queue, "x", UpgradeStep.UnderWay);
        _begun.Should().BeEmpty("nobody knows yet whether y has failed");

        Report(queue, "y", UpgradeStep.UnderWay);
        _begun.Should().Equal("a");
    }

    [Test]
    public void What_an_earlier_process_began_towards_other_pods_begins_anew()
    {
        var queue = Queue(1, "x");

        Wait(queue, "a", "x");

        _begun.Should().Equal("a");
        Report(queue, "a", UpgradeStep.None);
        _begun.Should().Equal("a", "x");
    }

    private UpgradeQueue Queue(int concurrency, params string[] underWay)
    {
        var queue = new UpgradeQueue(concurrency, () => underWay.Select(Key), NullLogger<UpgradeQueue>.Instance);
        queue.Attach(key => _begun.Add(key.Name));
        return queue;
    }

    private static void Wait(UpgradeQueue queue, params string[] names)
    {
        foreach (var name in names)
        {
            Report(queue, name, UpgradeStep.Waiting);
        }
    }

    private static void Report(UpgradeQueue queue, string name, UpgradeStep step) => queue.Report(Key(name), step);

    private static ObjectKey Key(string name) => new("payments", name);
}
