using System.Text;
using System.Text.Json.Nodes;
using Slipway.DevCluster.ApiServer.Protobuf;

namespace Slipway.DevCluster.Tests.ApiServer.Protobuf;

public sealed class ProtobufBodyTests
{
    [Test]
    public void A_message_becomes_the_JSON_of_the_same_object()
    {
        byte[] metadata = [.. Text(1, "web"), .. Bytes(8, []), .. Bytes(11, [.. Text(1, "app"), .. Text(2, "web")])];
        byte[] container = [.. Text(1, "main"), .. Text(2, "registry.example/app:1"), .. Text(5, ""), .. Bytes(6, [.. Text(1, ""), .. Number(2, 0), .. Number(3, 8080)])];
        byte[] template = [.. Bytes(1, Bytes(8, [])), .. Bytes(2, [.. Bytes(2, container), .. Bytes(1, [.. Text(1, "cache"), .. Bytes(2, Bytes(2, []))])])];
        byte[] spec = [.. Number(1, 0), .. Bytes(3, template), .. Bytes(4, []), .. Number(5, 0), .. Number(7, 1)];

        JsonObject? read = ProtobufBody.Read(Enveloped("apps/v1", "Deployment", [.. Bytes(1, metadata), .. Bytes(2, spec), .. Bytes(3, [])]));

        Same(read, """
            {"kind": "Deployment", "apiVersion": "apps/v1", "metadata": {"name": "web", "labels": {"app": "web"}},
             "spec": {"replicas": 0, "paused": true, "template": {"spec": {
               "containers": [{"name": "main", "image": "registry.example/app:1", "ports": [{"containerPort": 8080}]}],
               "volumes": [{"name": "cache", "emptyDir": {}}]}}}}
            """);
    }

    [Test]
    public void Bytes_times_and_values_of_two_types_are_written_as_JSON_writes_them()
    {
        Same(
            ProtobufBody.Read(Enveloped("v1", "Secret", Bytes(2, [.. Text(1, "a"), .. Bytes(2, [1, 2, 255])]))),
            """{"kind": "Secret", "apiVersion": "v1", "data": {"a": "AQL/"}}""");
        Same(
            ProtobufBody.Read(Enveloped("coordination.k8s.io/v1", "Lease", Bytes(2, Bytes(4, [.. Number(1, 1_700_000_000), .. Number(2, 5_000)])))),
            """{"kind": "Lease", "apiVersion": "coordination.k8s.io/v1", "spec": {"renewTime": "2023-11-14T22:13:20.000005Z"}}""");
        byte[] percent = [.. Number(1, 1), .. Number(2, 0), .. Text(3, "50%")];
        Same(
            ProtobufBody.Read(Enveloped("policy/v1", "PodDisruptionBudget", Bytes(2, Bytes(1, percent)))),
            """{"kind": "PodDisruptionBudget", "apiVersion": "policy/v1", "spec": {"minAvailable": "50%"}}""");
    }

    [Test]
    public void The_options_of_a_deletion_are_read_whatever_their_version() => Same(
        ProtobufBody.Read(Enveloped("apps/v1", "DeleteOptions", [.. Number(1, 0), .. Text(4, "Foreground")])),
        """{"kind": "DeleteOptions", "apiVersion": "apps/v1", "gracePeriodSeconds": 0, "propagationPolicy": "Foreground"}""");

    [Test]
    public void A_kind_without_a_protobuf_form_is_not_read() =>
        ProtobufBody.Read(Enveloped("example.slipway.dev/v1alpha1", "Widget", [])).Should().BeNull();

    [TestCase("7b7d", Description = "JSON")]
    [TestCase("6b38730012ff", Description = "a length past the end")]
    [TestCase("6b387300ffffffffffffffffffff01", Description = "an endless integer")]
    [TestCase("6b38730003", Description = "a group")]
    public void Bytes_that_are_no_such_encoding_are_refused(string hexadecimal)
    {
        Action read = () => ProtobufBody.Read(Convert.FromHexString(hexadecimal));

        read.Should().Throw<FormatException>();
    }

    private static void Same(JsonObject? read, string expected) =>
        JsonNode.DeepEquals(read, JsonNode.Parse(expected)).Should().BeTrue("{0} should be {1}", read, expected);

    private static byte[] Enveloped(string apiVersion, string kind, byte[] message) =>
        [.. "k8s\0"u8, .. Bytes(1, [.. Text(1, apiVersion), .. Text(2, kind)]), .. Bytes(2, message), .. Text(3, ""), .. Text(4, "")];

    private static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Bytes(int field, byte[] content) => [.. Varint(((ulong)field << 3) | 2), .. Varint((ulong)content.Length), .. content];

    private static byte[] Number(int field, long value) => [.. Varint((ulong)field << 3), .. Varint((ulong)value)];

    private static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }
}
