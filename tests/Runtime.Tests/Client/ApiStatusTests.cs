using System.Net;

namespace Slipway.Runtime.Tests;

internal sealed class ApiStatusTests
{
    [TestCase(404, "404 page not found\n", true, TestName = "A_path_that_the_server_does_not_know")]
    [TestCase(404, """{"kind": "Status", "message": "the server could not find the requested resource", "details": {}}""", true, TestName = "A_status_about_no_object")]
    [TestCase(404, """{"kind": "Status", "message": "namespaces \"ns\" not found", "details": {"name": "ns", "kind": "namespaces"}}""", false, TestName = "A_status_about_an_object")]
    [TestCase(405, """{"kind": "Status", "message": "no", "details": {"group": "keda.sh", "kind": "scaledobjects"}}""", true, TestName = "A_method_that_is_not_allowed")]
    [TestCase(403, "no", false, TestName = "Another_refusal")]
    public void The_kind_is_missing(int code, string text, bool missing) =>
        ApiStatus.Read((HttpStatusCode)code, text, "PATCH /apis").KindIsMissing.Should().Be(missing);
}
