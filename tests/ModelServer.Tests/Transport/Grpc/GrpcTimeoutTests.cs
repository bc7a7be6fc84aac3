using Slipway.ModelServer.Transport.Grpc;

namespace Slipway.ModelServer.Tests.Transport.Grpc;

internal sealed class GrpcTimeoutTests
{
    [TestCase("1H", 3_600_000_000)]
    [TestCase("2M", 120_000_000)]
    [TestCase("30S", 30_000_000)]
    [TestCase("200m", 200_000)]
    [TestCase("00000050u", 50)]
    [TestCase("99999999n", 99_999)]
    [TestCase("0n", 0)]
    [TestCase("99999999H", 86_400_000_000)]
    public void A_timeout_is_a_number_and_its_unit(string header, long microseconds) =>
        ((long)GrpcTimeout.Read(header)!.Value.TotalMicroseconds).Should().Be(microseconds);

    [Test]
    public void Without_a_header_there_is_no_timeout() => GrpcTimeout.Read(null).Should().BeNull();
}
