using Slipway.ModelServer.Transport.Rest;

namespace Slipway.ModelServer.Tests.Transport.Rest;

internal sealed class RestPathsTests
{
    [TestCase("/", nameof(RestTarget.Alive), "", "")]
    [TestCase("/v2", nameof(RestTarget.Server), "", "")]
    [TestCase("/v2/", nameof(RestTarget.Server), "", "")]
    [TestCase("/v2/health/live", nameof(RestTarget.Live), "", "")]
    [TestCase("/v2/health/ready", nameof(RestTarget.Ready), "", "")]
    [TestCase("/v2/models", nameof(RestTarget.Models), "", "")]
    [TestCase("/v2/models/", nameof(RestTarget.Models), "", "")]
    [TestCase("/v2/models/stats", nameof(RestTarget.Statistics), "", "")]
    [TestCase("/v2/models/m", nameof(RestTarget.Model), "m", "")]
    [TestCase("/v2/models/m/", nameof(RestTarget.Model), "m", "")]
    [TestCase("/v2/models/m/versions/7", nameof(RestTarget.Model), "m", "7")]
    [TestCase("/v2/models/m/ready", nameof(RestTarget.ModelReady), "m", "")]
    [TestCase("/v2/models/m/versions/7/ready", nameof(RestTarget.ModelReady), "m", "7")]
    [TestCase("/v2/models/m/config", nameof(RestTarget.ModelConfiguration), "m", "")]
    [TestCase("/v2/models/m/versions/7/config", nameof(RestTarget.ModelConfiguration), "m", "7")]
    [TestCase("/v2/models/m/stats", nameof(RestTarget.Statistics), "m", "")]
    [TestCase("/v2/models/m/versions/7/stats", nameof(RestTarget.Statistics), "m", "7")]
    [TestCase("/v2/models/m/infer", nameof(RestTarget.Infer), "m", "")]
    [TestCase("/v2/models/stats/infer", nameof(RestTarget.Infer), "stats", "")]
    [TestCase("/v2/models/m/versions/1.2.0-rc.1/infer", nameof(RestTarget.Infer), "m", "1.2.0-rc.1")]
    [TestCase("/v2/models/versions/versions/versions/infer", nameof(RestTarget.Infer), "versions", "versions")]
    [TestCase("/v2/models/m/versions/7/feedback", nameof(RestTarget.Feedback), "m", "7")]
    [TestCase("/v2/models/m/feedback", nameof(RestTarget.Feedback), "m", "")]
    [TestCase("/v2/repository/index", nameof(RestTarget.RepositoryIndex), "", "")]
    [TestCase("/v2/repository/models/m/load", nameof(RestTarget.RepositoryLoad), "m", "")]
    [TestCase("/v2/repository/models/m/unload", nameof(RestTarget.RepositoryUnload), "m", "")]
    [TestCase("/v2/repository/models/m/versions/7/load", nameof(RestTarget.RepositoryLoad), "m", "7")]
    [TestCase("/v2/repository/models/m/versions/1.2.0/unload", nameof(RestTarget.RepositoryUnload), "m", "1.2.0")]
    [TestCase("/v1/models", nameof(RestTarget.V1Models), "", "")]
    [TestCase("/v1/models/m", nameof(RestTarget.V1Model), "m", "")]
    [TestCase("/v1/models/m/versions/7", nameof(RestTarget.V1Model), "m", "7")]
    [TestCase("/v1/models/m:predict", nameof(RestTarget.Predict), "m", "")]
    [TestCase("/v1/models/m/versions/7:predict", nameof(RestTarget.Predict), "m", "7")]
    public void A_path_of_the_protocol_is_understood(string path, string target, string model, string version)
    {
        var route = RestPaths.Match(path);

        (route.Target.ToString(), route.Model.ToString(), route.Version.ToString()).Should().Be((target, model, version));
    }

    [TestCase("")]
    [TestCase("/v")]
    [TestCase("/v2x")]
    [TestCase("/v2/models//infer")]
    [TestCase("/v2/models/m/versions/")]
    [TestCase("/v2/models/m/versions//infer")]
    [TestCase("/v2/models/m/infer/")]
    [TestCase("/v2/models/m/infer/x")]
    [TestCase("/v2/models/m/INFER")]
    [TestCase("/v2/repository")]
    [TestCase("/v2/repository/models//load")]
    [TestCase("/v2/repository/models/m/reload")]
    [TestCase("/v2/repository/models/m/versions//load")]
    [TestCase("/v2/repository/models/m/versions/7")]
    [TestCase("/v1/models/:predict")]
    [TestCase("/v1/models/m/predict")]
    [TestCase("/v1/models/m/versions/:predict")]
    [TestCase("/v1/models/m/versions/1/x:predict")]
    [TestCase("/v3/models/m")]
    public void Any_other_path_is_nothing(string path) => RestPaths.Match(path).Target.Should().Be(RestTarget.None);
}
