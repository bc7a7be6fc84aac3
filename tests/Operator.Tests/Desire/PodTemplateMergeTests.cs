using System.Text.Json.Nodes;
using k8s.Models;
using Slipway.Operator.Desire;

namespace Slipway.Operator.Tests.Desire;

internal sealed class PodTemplateMergeTests
{
    [Test]
    public void Env_is_merged_by_name_and_the_rest_of_the_server_stays()
    {
        var template = Merge("""{"spec":{"containers":[{"name":"server","env":[{"name":"AWS_REGION","value":"eu-west-1"}]}]}}""");

        var server = template.Spec.Containers.Single();
        server.Env.Single().Value.Should().Be("eu-west-1");
        server.Image.Should().Be(A.ServerImage);
        server.VolumeMounts.Should().HaveCount(4);
    }

    [Test]
    public void A_sidecar_is_added_behind_the_server() =>
        Merge("""{"spec":{"containers":[{"name":"logger","image":"registry.example/logger:1"}]}}""").Spec.Containers
            .Select(container => container.Name).Should().Equal("server", "logger");

    [Test]
    public void Pull_secrets_priority_and_nodes_are_the_users()
    {
        var pod = Merge("""{"spec":{"imagePullSecrets":[{"name":"registry"}],"priorityClassName":"serving","nodeSelector":{"pool":"gpu"}}}""").Spec;

        pod.ImagePullSecrets.Single().Name.Should().Be("registry");
        pod.PriorityClassName.Should().Be("serving");
        pod.NodeSelector.Should().Contain("pool", "gpu");
    }

    [Test]
    public void Tolerations_have_no_key_and_are_set_whole() =>
        Merge("""{"spec":{"tolerations":[{"key":"gpu","operator":"Exists"}]}}""").Spec.Tolerations.Single().Key.Should().Be("gpu");

    [Test]
    public void Null_removes_a_field() =>
        Merge("""{"spec":{"topologySpreadConstraints":null}}""").Spec.TopologySpreadConstraints.Should().BeNull();

    [Test]
    public void The_delete_directive_removes_an_item() =>
        Merge("""{"spec":{"topologySpreadConstraints":[{"topologyKey":"kubernetes.io/hostname","$patch":"delete"}]}}""").Spec.TopologySpreadConstraints
            .Should().BeNullOrEmpty();

    [Test]
    public void The_replace_directive_sets_a_map_whole() =>
        Merge("""{"spec":{"securityContext":{"$patch":"replace","runAsUser":1000}}}""").Spec.SecurityContext.RunAsNonRoot.Should().BeNull();

    [Test]
    public void A_port_may_be_there_for_each_protocol() =>
        Merge("""{"spec":{"containers":[{"name":"dns","image":"x","ports":[{"containerPort":53,"protocol":"UDP"},{"containerPort":53,"protocol":"TCP"}]}]}}""")
            .Spec.Containers[1].Ports.Select(port => port.Protocol).Should().Equal("UDP", "TCP");

    [Test]
    public void Probe_numbers_may_change() =>
        Merge("""{"spec":{"containers":[{"name":"server","livenessProbe":{"periodSeconds":60}}]}}""").Spec.Containers.Single().LivenessProbe.PeriodSeconds
            .Should().Be(60);

    [TestCase("""{"spec":{"containers":"none"}}""", "spec.podTemplate.spec.containers: is of another type*")]
    [TestCase("""{"spec":{"contaners":[]  ,"nodeName2":"x"}}""", "*spec.podTemplate.spec.nodeName2*")]
    [TestCase("""{"spec":{"containers":[{"name":"server","imagePullPolice":"Always"}]}}""", "*imagePullPolice*")]
    [TestCase("""{"spec":{"containers":[{"image":"x"}]}}""", "*no 'name'*")]
    [TestCase("""{"spec":{"containers":[null]}}""", "*spec.podTemplate.spec.containers[0]*empty*")]
    [TestCase("""{"spec":{"initContainers":[{"name":"a"},null]}}""", "*spec.podTemplate.spec.initContainers[1]*empty*")]
    [TestCase("""{"spec":{"tolerations":[null]}}""", "*spec.podTemplate.spec.tolerations[0]*empty*")]
    [TestCase("""{"spec":{"containers":[{"name":"server","env":[{"name":"A","value":"1"},{"name":"A","value":"2"}]}]}}""", "*spec.podTemplate.spec.containers.env*'A'*twice*")]
    [TestCase("""{"spec":{"volumes":[{"name":"scratch","emptyDir":{"sizeLimit":"10GB"}}]}}""", "spec.podTemplate.spec.volumes[?].emptyDir.sizeLimit: '10GB' is no quantity*")]
    [TestCase("""{"spec":{"containers":[{"name":"server","resources":{"limits":{"memory":"lots"}}}]}}""", "spec.podTemplate.spec.containers[0].resources.limits.memory: 'lots' is no quantity*")]
    [TestCase("""{"spec":{"containers":[{"name":"server","ports":[{"containerPort":99999999999,"name":"big"}]}]}}""", "spec.podTemplate.spec.containers[0].ports[?].containerPort: is of another type*")]
    [TestCase("""{"spec":{"containers":[{"name":"server","readinessProbe":{"httpGet":{"port":true}}}]}}""", "spec.podTemplate.spec.containers[0].readinessProbe.httpGet.port: is of another type*")]
    [TestCase("""{"spec":{"terminationGracePeriodSeconds":1.5}}""", "spec.podTemplate.spec.terminationGracePeriodSeconds: is of another type*")]
    [TestCase("""{"spec":{"activeDeadlineSeconds":99999999999999999999}}""", "spec.podTemplate.spec.activeDeadlineSeconds: is of another type*")]
    [TestCase("""{"spec":{"containers":[{"name":"server","readinessProbe":{"httpGet":{"port":1e99}}}]}}""", "spec.podTemplate.spec.containers[0].readinessProbe.httpGet.port: is of another type*")]
    [TestCase("""{"metadata":{"creationTimestamp":"yesterday"}}""", "spec.podTemplate: *yesterday*")]
    [TestCase("""{"metadata":{"creationTimestamp":"9999-12-31T23:59:59-14:00"}}""", "spec.podTemplate: *9999-12-31T23:59:59-14:00*")]
    [TestCase("""{"spec":{"containers":[{"name":"server","$patch":"delete"}]}}""", "*must keep the container 'server'*")]
    [TestCase("""{"spec":{"containers":[{"name":"server","$patch":"remove"}]}}""", "*$patch: remove*")]
    [TestCase("""{"metadata":{"labels":{"slipway.dev/role":"canary"}}}""", "*slipway.dev/role*")]
    [TestCase("""{"spec":{"containers":[{"name":"server","readinessProbe":null}]}}""", "*readinessProbe*")]
    [TestCase("""{"spec":{"containers":[{"name":"server","ports":[{"containerPort":8080,"name":"web"}]}]}}""", "*'http'*")]
    [TestCase("""{"spec":{"volumes":[{"name":"config","configMap":{"name":"other"}}]}}""", "*'config'*")]
    [TestCase("""{"spec":{"volumes":[{"name":"live","configMap":null,"emptyDir":{}}]}}""", "*'live'*")]
    [TestCase("""{"spec":{"containers":[{"name":"server","volumeMounts":[{"mountPath":"/etc/slipway/live","name":"tmp"}]}]}}""", "*'/etc/slipway/live'*")]
    public void What_no_pod_could_be_built_from_is_refused_with_its_place(string patch, string message)
    {
        var merge = () => Merge(patch);
        merge.Should().Throw<InvalidPodTemplateException>().WithMessage(message);
    }

    private static IEnumerable<TestCaseData> WrongQuantities() =>
        from place in QuantityPlaces
        from value in (string[])["\"-1e0\"", "\"-1\"", "\"1e600000\"", "\"99999999999999999999999999999999\"", "\"1/0\"", "\"1/2\"", "\"1,000Mi\"", "-1000000000000000", "1e99"]
        select new TestCaseData(place.Patch, value, place.Path).SetArgDisplayNames(place.Path, value);

    private static IEnumerable<TestCaseData> RightQuantities() =>
        from place in QuantityPlaces
        from value in (string[])["\"+1Gi\"", "\"1e3\"", "\"12E\"", "\"0.5\"", "\".5\"", "\"1.\"", "1.5", "1000000000000000"]
        select new TestCaseData(place.Patch, value).SetArgDisplayNames(place.Path, value);

    private static readonly (string Patch, string Path)[] QuantityPlaces =
    [
        ("""{"spec":{"containers":[{"name":"server","resources":{"limits":{"memory":VALUE}}}]}}""", "spec.containers[0].resources.limits.memory"),
        ("""{"spec":{"containers":[{"name":"server","env":[{"name":"A","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu","divisor":VALUE}}}]}]}}""", "spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor"),
        ("""{"spec":{"volumes":[{"name":"scratch","emptyDir":{"sizeLimit":VALUE}}]}}""", "spec.volumes[4].emptyDir.sizeLimit"),
        ("""{"spec":{"volumes":[{"name":"scratch","ephemeral":{"volumeClaimTemplate":{"spec":{"resources":{"requests":{"storage":VALUE}}}}}}]}}""", "spec.volumes[4].ephemeral.volumeClaimTemplate.spec.resources.requests.storage"),
        ("""{"spec":{"overhead":{"cpu":VALUE}}}""", "spec.overhead.cpu"),
    ];

    [TestCaseSource(nameof(WrongQuantities))]
    public async Task What_is_no_quantity_is_refused_with_its_place_before_anything_computes_with_it(string patch, string value, string path)
    {
        var merge = () => MergeSoonAsync(patch, value);

        (await merge.Should().ThrowAsync<InvalidPodTemplateException>()).WithMessage($"spec.podTemplate.{path}: * is no quantity *");
    }

    [TestCaseSource(nameof(RightQuantities))]
    public async Task What_Kubernetes_takes_as_a_quantity_is_taken(string patch, string value)
    {
        var merge = () => MergeSoonAsync(patch, value);

        await merge.Should().NotThrowAsync();
    }

    /// <summary>Elsewhere, so that what never ends fails and does not hang.</summary>
    private static Task<V1PodTemplateSpec> MergeSoonAsync(string patch, string value) =>
        Task.Run(() => Merge(patch.Replace("VALUE", value, StringComparison.Ordinal))).WaitAsync(TimeSpan.FromSeconds(10));

    private static V1PodTemplateSpec Merge(string patch) =>
        PodTemplateMerge.Apply(PodTemplateBuilder.Build(A.Context()), JsonNode.Parse(patch)!.AsObject());
}
