using System.Runtime.InteropServices;
using Slipway.ModelServer.Baselines;
using Slipway.ModelServer.Baselines.Data;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Tests.Baselines;

internal sealed class ElementCastTests
{
    [TestCase("0.1", Datatype.FP64, new byte[] { 0x9A, 0x99, 0x99, 0x99, 0x99, 0x99, 0xB9, 0x3F })]
    [TestCase("0.1", Datatype.FP32, new byte[] { 0xCD, 0xCC, 0xCC, 0x3D })]
    [TestCase("0.1", Datatype.FP16, new byte[] { 0x66, 0x2E })]
    [TestCase("0.1", Datatype.BF16, new byte[] { 0xCD, 0x3D })]
    [TestCase("-1", Datatype.Int8, new byte[] { 0xFF })]
    [TestCase("-1", Datatype.Int16, new byte[] { 0xFF, 0xFF })]
    [TestCase("3.0", Datatype.Int32, new byte[] { 3, 0, 0, 0 })]
    [TestCase("-9223372036854775808", Datatype.Int64, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0x80 })]
    [TestCase("255", Datatype.UInt8, new byte[] { 0xFF })]
    [TestCase("65535", Datatype.UInt16, new byte[] { 0xFF, 0xFF })]
    [TestCase("4294967295", Datatype.UInt32, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF })]
    [TestCase("9223372036854775807", Datatype.UInt64, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F })]
    [TestCase("True", Datatype.Bool, new byte[] { 1 })]
    public void A_cell_becomes_the_element_that_a_client_would_have_sent(string text, object datatype, byte[] expected)
    {
        var element = new byte[expected.Length];

        ElementCast.Write(Cell.Raw(text.AsMemory()), (Datatype)datatype, element).Should().BeNull();

        element.Should().Equal(expected);
    }

    [Test]
    public void A_missing_fraction_is_not_a_number()
    {
        var element = new byte[4];

        ElementCast.Write(default, Datatype.FP32, element).Should().BeNull();

        MemoryMarshal.Read<float>(element).Should().Be(float.NaN);
    }

    [TestCase("x", Datatype.FP32, "which is no number")]
    [TestCase("1e300", Datatype.FP32, "which is beyond FP32")]
    [TestCase("70000", Datatype.FP16, "which is beyond FP16")]
    [TestCase("1e39", Datatype.BF16, "which is beyond BF16")]
    [TestCase("1.5", Datatype.Int64, "which is no whole number")]
    [TestCase("128", Datatype.Int8, "which is beyond INT8")]
    [TestCase("-1", Datatype.UInt8, "which is beyond UINT8")]
    [TestCase("-1", Datatype.UInt64, "which is beyond UINT64")]
    [TestCase("2", Datatype.Bool, "which is neither true nor false")]
    [TestCase("", Datatype.Int64, "and INT64 has no form for a missing value")]
    [TestCase("", Datatype.Bool, "which is neither true nor false")]
    public void What_is_no_such_element_is_told(string text, object datatype, string fault) =>
        ElementCast.Write(Cell.Raw(text.AsMemory()), (Datatype)datatype, new byte[8]).Should().Be(fault);

    [Test]
    public void An_infinity_is_one() => ElementCast.Write(Cell.Raw("inf".AsMemory()), Datatype.FP32, new byte[4]).Should().BeNull();
}
