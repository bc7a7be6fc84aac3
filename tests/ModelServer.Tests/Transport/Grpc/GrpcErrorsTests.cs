using Grpc.Core;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Transport.Grpc;

namespace Slipway.ModelServer.Tests.Transport.Grpc;

internal sealed class GrpcErrorsTests
{
    [Test]
    public void Every_error_word_has_its_status() => Enum.GetValues<ErrorCode>().ToDictionary(code => code, GrpcErrors.Status).Should().Equal(new Dictionary<ErrorCode, StatusCode>
    {
        [ErrorCode.Ok] = StatusCode.OK,
        [ErrorCode.InvalidArgument] = StatusCode.InvalidArgument,
        [ErrorCode.TooLarge] = StatusCode.ResourceExhausted,
        [ErrorCode.TooSlow] = StatusCode.InvalidArgument,
        [ErrorCode.NotFound] = StatusCode.NotFound,
        [ErrorCode.Cancelled] = StatusCode.Cancelled,
        [ErrorCode.ResourceExhausted] = StatusCode.ResourceExhausted,
        [ErrorCode.DeadlineExceeded] = StatusCode.DeadlineExceeded,
        [ErrorCode.Unavailable] = StatusCode.Unavailable,
        [ErrorCode.Internal] = StatusCode.Internal,
    });
}
