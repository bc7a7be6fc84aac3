using Microsoft.AspNetCore.Http;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Transport.Rest;

namespace Slipway.ModelServer.Tests.Transport.Rest;

internal sealed class RestErrorsTests
{
    private static readonly CancellationToken Gone = new(canceled: true);

    [Test]
    public void A_refusal_is_told_as_it_is()
    {
        var refusal = ServingException.Invalid("No.");

        RestErrors.Explain(refusal, CancellationToken.None).Should().BeSameAs(refusal);
    }

    [Test]
    public void A_client_that_went_away_is_told_apart_from_what_ended_otherwise()
    {
        RestErrors.Explain(new OperationCanceledException(), Gone)!.Code.Should().Be(ErrorCode.Cancelled);
        RestErrors.Explain(new OperationCanceledException(), CancellationToken.None).Should().BeNull();
    }

    [Test]
    public void What_is_no_HTTP_is_told_with_its_fault()
    {
        var told = RestErrors.Explain(new BadHttpRequestException("Bad chunk size data."), CancellationToken.None);

        (told!.Code, told.Message).Should().Be((ErrorCode.InvalidArgument, "The request is not valid HTTP: Bad chunk size data."));
    }

    [Test]
    public void A_fault_of_the_servers_own_is_nothing_to_tell() =>
        RestErrors.Explain(new InvalidOperationException("a secret"), CancellationToken.None).Should().BeNull();
}
