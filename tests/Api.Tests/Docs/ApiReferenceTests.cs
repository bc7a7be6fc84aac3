using Slipway.Api.Docs;

namespace Slipway.Api.Tests.Docs;

internal sealed class ApiReferenceTests
{
    [Test]
    public void The_checked_in_page_is_what_the_code_generates() =>
        File.ReadAllText(Path.Combine(Repository.Root, ApiReference.Path)).Should().Be(ApiReference.Render(), "./build.sh generate writes it");
}
