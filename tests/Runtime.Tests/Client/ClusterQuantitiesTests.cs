using System.Text.Json;
using k8s.Models;

namespace Slipway.Runtime.Tests;

internal sealed class ClusterQuantitiesTests
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new ClusterQuantities() } };

    [TestCase("500m")]
    [TestCase("1Gi")]
    [TestCase("12E")]
    [TestCase("10e3")]
    [TestCase("9223372036854775807")]
    [TestCase("9223372036854775806999999999n")]
    public async Task What_an_API_server_writes_comes_out_as_it_went_in(string text) =>
        (await SoonAsync(() => JsonSerializer.Serialize(Read(text), Options))).Should().Be($"\"{text}\"");

    [TestCase("1e100000000")]
    [TestCase("1e2147483647")]
    [TestCase("1e99999999999")]
    [TestCase("1e-100000000")]
    [TestCase("-1e3")]
    [TestCase("1/0")]
    [TestCase("99999999999999999999999999999999")]
    [TestCase("")]
    public async Task What_the_client_cannot_compute_with_makes_its_object_unreadable(string text)
    {
        var read = () => SoonAsync(() => Read(text));

        await read.Should().ThrowAsync<JsonException>();
    }

    [Test]
    public void A_scaler_may_tell_of_a_negative_figure() => Read("-500m").ToDecimal().Should().Be(-0.5m);

    [Test]
    public void A_number_is_read_as_it_is_written() => JsonSerializer.Deserialize<ResourceQuantity>("1000000000000000", Options)!.ToString().Should().Be("1P");

    private static ResourceQuantity Read(string text) => JsonSerializer.Deserialize<ResourceQuantity>(JsonSerializer.Serialize(text), Options)!;

    /// <summary>Elsewhere, so that what never ends fails and does not hang.</summary>
    private static Task<T> SoonAsync<T>(Func<T> action) => Task.Run(action).WithinLimit();
}
