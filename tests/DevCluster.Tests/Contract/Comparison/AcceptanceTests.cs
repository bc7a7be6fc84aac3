using Slipway.DevCluster.Tests.Contract.Recording;

namespace Slipway.DevCluster.Tests.Contract.Comparison;

public sealed class AcceptanceTests
{
    private static readonly AcceptedDifference Entry = new() { Steps = [1], Paths = ["body.resources[pods/attach]"], Reason = "not served" };

    [Test]
    public void An_accepted_path_covers_what_is_under_it_in_its_step_only()
    {
        Difference[] found = [Found(1, "body.resources[pods/attach].verbs"), Found(2, "body.resources[pods/attach]"), Found(1, "body.resources[pods]")];
        Acceptance.Unexpected(found, [Entry]).Should().Equal(found[1], found[2]);
    }

    [Test]
    public void An_entry_without_paths_covers_the_whole_step() =>
        Acceptance.Unexpected([Found(4, "status"), Found(4, "body.a")], [new AcceptedDifference { Steps = [4], Reason = "text" }]).Should().BeEmpty();

    [Test]
    public void A_star_stands_for_every_item_of_its_list()
    {
        Difference[] found = [Found(1, "body.columns[0].description"), Found(1, "body.columns[12].description"), Found(1, "body.columns[0].name"), Found(1, "body.columns")];
        AcceptedDifference entry = new() { Steps = [1], Paths = ["body.columns[*].description"], Reason = "prose" };
        Acceptance.Unexpected(found, [entry]).Should().Equal(found[2], found[3]);
        Acceptance.Stale(found[2..], [entry]).Should().ContainSingle();
    }

    [Test]
    public void An_entry_that_nothing_needs_is_reported()
    {
        Acceptance.Stale([Found(1, "body.resources[pods/attach]")], [Entry]).Should().BeEmpty();
        Acceptance.Stale([Found(2, "body.resources[pods/attach]")], [Entry]).Should().ContainSingle();
    }

    private static Difference Found(int step, string path) => new(step, path, "1", "2");
}
