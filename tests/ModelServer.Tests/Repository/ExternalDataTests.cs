using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Repository;
using Slipway.ModelServer.Tests.Hosting;
using Slipway.ModelServer.Tests.Models;

namespace Slipway.ModelServer.Tests.Repository;

internal sealed class ExternalDataTests
{
    [TestCase("../w.bin")]
    [TestCase("/etc/passwd")]
    [TestCase("a/../../w.bin")]
    [TestCase("a//w.bin")]
    [TestCase("..\\w.bin")]
    [TestCase("")]
    public void A_tensor_outside_of_the_folder_is_refused(string location) =>
        Checking(TestModels.ExternalWeights(location)).Should().Throw<ModelRejectedException>().WithMessage($"model.onnx keeps a tensor in '{location}', which is not a path inside*");

    [TestCase("w.bin")]
    [TestCase("data/w.bin")]
    [TestCase("..w.bin")]
    public void A_tensor_beside_the_model_is_allowed(string location) => Checking(TestModels.ExternalWeights(location)).Should().NotThrow();

    [Test]
    public void A_group_before_the_graph_hides_nothing()
    {
        // Field 99 as a group that holds a number: ONNX Runtime skips it as unknown and reads on.
        byte[] group = [0x9b, 0x06, 0x08, 0x01, 0x9c, 0x06];

        Checking([.. group, .. TestModels.ExternalWeights("../w.bin")]).Should().Throw<ModelRejectedException>().WithMessage("*'../w.bin'*");
    }

    [Test]
    public void A_graph_that_nests_too_deep_to_be_looked_through_is_refused()
    {
        var graph = new ProtoWriter();
        for (var level = 0; level < 40; level++)
        {
            graph = new ProtoWriter().Message(1, new ProtoWriter().Message(5, new ProtoWriter().Message(6, graph)));
        }

        Checking(new ProtoWriter().Message(7, graph).ToArray()).Should().Throw<ModelRejectedException>().WithMessage("The model nests its graphs deeper than 100 messages*");
    }

    private static Action Checking(byte[] model) => () =>
    {
        using var folder = new ModelFolder().WithModel(model);
        ExternalData.RequireInside($"{folder.Path}/1/model.onnx");
    };
}
