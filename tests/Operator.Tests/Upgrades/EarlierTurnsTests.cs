using System.Net;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Api;
using Slipway.Operator.Desire;
using Slipway.Operator.Upgrades;
using Slipway.Runtime;

namespace Slipway.Operator.Tests.Upgrades;

internal sealed class EarlierTurnsTests
{
    private readonly List<ModelDeployment> _models = [];
    private readonly List<V1Deployment> _deployments = [];

    [SetUp]
    public void Forget()
    {
        _models.Clear();
        _deployments.Clear();
    }

    [Test]
    public async Task A_new_process_goes_on_with_the_turns_that_had_not_ended()
    {
        var (begun, rested) = (Model("begun"), Model("rested"));
        _deployments.AddRange([Begun(begun), A.Deployment(rested)]);

        (await HaveTurnAsync(begun, rested)).Should().Equal(true, false);
    }

    [Test]
    public async Task Deployments_that_merely_have_a_models_labels_stop_nobody()
    {
        var (labelled, another) = (Model("labelled"), Model("another"));
        _deployments.AddRange([Begun(another), Impostor(labelled, "one"), Impostor(labelled, "two")]);

        (await HaveTurnAsync(labelled, another)).Should().Equal(false, true);
    }

    [Test]
    public async Task A_Deployment_of_a_models_name_that_it_does_not_control_is_not_its_own()
    {
        var model = Model("fraud-detector");
        _deployments.Add(Impostor(model, model.Metadata.Name));

        (await HaveTurnAsync(model)).Should().Equal(false);
    }

    /// <summary>As an operator has it that was put together from these caches.</summary>
    private async Task<bool[]> HaveTurnAsync(params ModelDeployment[] models)
    {
        await using var app = OperatorHost.Build(
            new() { Kubernetes = new() { Host = "http://127.0.0.1:1" }, Listen = new(IPAddress.Loopback, 0) },
            services => services.AddSingleton<IObjectStore<ModelDeployment>>(new Store<ModelDeployment>(_models)).AddSingleton<IObjectStore<V1Deployment>>(new Store<V1Deployment>(_deployments)));
        var queue = app.Services.GetRequiredService<UpgradeQueue>();
        return [.. models.Select(model => queue.HasTurn(model.Key()))];
    }

    private ModelDeployment Model(string name)
    {
        var model = A.Model();
        (model.Metadata.Name, model.Metadata.Uid) = (name, $"uid-{name}");
        _models.Add(model);
        return model;
    }

    private static V1Deployment Begun(ModelDeployment model)
    {
        var deployment = A.Deployment(model, available: 0);
        deployment.Metadata.Annotations = new Dictionary<string, string> { [Names.Upgrade] = PodTemplatePlan.WasReady };
        return deployment;
    }

    private static V1Deployment Impostor(ModelDeployment model, string name)
    {
        var deployment = Begun(model);
        (deployment.Metadata.Name, deployment.Metadata.OwnerReferences) = (name, null);
        return deployment;
    }
}
