using FsCheck;
using FsCheck.Fluent;
using k8s.Models;

namespace Slipway.Runtime.Tests;

internal sealed class ObjectStoreTests
{
    [Test]
    public void Objects_are_found_by_key_owner_and_label_and_by_their_latest_state_only()
    {
        var store = new ObjectStore<V1Pod>(["model"]);
        store.Set(A.Pod("a", "ns", ("model", "x")).OwnedBy(A.Widget(), "u1"));
        store.Set(A.Pod("b", "ns", ("model", "x")));
        store.Set(A.Pod("c", "away", ("model", "x")));
        store.Set(A.Pod("a", "ns", ("model", "y")).OwnedBy(A.Widget(), "u2"));

        store.Get(new("ns", "a"))!.Metadata.Labels["model"].Should().Be("y");
        store.OwnedBy("u1").Should().BeEmpty();
        store.OwnedBy("u2").Should().ContainSingle();
        store.WithLabel("ns", "model", "x").Select(pod => pod.Metadata.Name).Should().Equal("b");
        store.WithLabel("ns", "model", "z").Should().BeEmpty();
        store.Remove(new("ns", "b"))!.Metadata.Name.Should().Be("b");
        store.Remove(new("ns", "b")).Should().BeNull();
        store.List().Should().HaveCount(2);
    }

    [Test]
    public void A_label_that_has_no_index_is_told_and_not_taken_for_missing() =>
        FluentActions.Invoking(() => new ObjectStore<V1Pod>(["model"]).WithLabel("ns", "role", "x")).Should().Throw<InvalidOperationException>().WithMessage("*role*IndexedLabels*");

    [Test]
    public void The_indexes_always_agree_with_the_objects() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), steps =>
        {
            var store = new ObjectStore<V1Pod>(["l"]);
            var model = new Dictionary<string, V1Pod>();
            foreach (var step in steps)
            {
                var name = $"p{step % 4}";
                if (step / 4 % 4 == 0)
                {
                    store.Remove(new("ns", name));
                    model.Remove(name);
                }
                else
                {
                    var pod = A.Pod(name, "ns", ("l", $"{step / 16 % 3}")).OwnedBy(A.Widget(), $"u{step / 64}");
                    store.Set(pod);
                    model[name] = pod;
                }
            }

            store.List().Should().BeEquivalentTo(model.Values);
            for (var value = 0; value < 4; value++)
            {
                store.WithLabel("ns", "l", $"{value}").Should().BeEquivalentTo(model.Values.Where(pod => pod.Metadata.Labels["l"] == $"{value}"));
                store.OwnedBy($"u{value}").Should().BeEquivalentTo(model.Values.Where(pod => pod.Metadata.OwnerReferences[0].Uid == $"u{value}"));
            }
        }).QuickCheckThrowOnFailure();
}
