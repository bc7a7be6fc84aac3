using System.CommandLine;
using k8s;
using Slipway.Runtime;

namespace Slipway.Operator.Commands;

/// <summary>The options by which replicas of the operator find each other.</summary>
internal sealed class LeaderElectionArguments
{
    private const string NamespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

    private readonly Option<bool> _elect = new("--leader-elect")
    {
        Description = "Act only while holding a Lease that all replicas share. Default: true in a pod, else false.",
        DefaultValueFactory = _ => KubernetesClientConfiguration.IsInCluster(),
    };

    private readonly Option<string> _namespace = new("--leader-election-namespace")
    {
        Description = "Namespace of the Lease. Default: the pod's own.",
        DefaultValueFactory = _ => File.Exists(NamespaceFile) ? File.ReadAllText(NamespaceFile).Trim() : "",
    };

    private readonly Option<string> _name = new("--leader-election-name")
    {
        Description = "Name of the Lease. Operators that watch different namespaces need different names.",
        DefaultValueFactory = _ => OperatorHost.UserAgent,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_elect);
        command.Options.Add(_namespace);
        command.Options.Add(_name);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_elect) && result.GetValue(_namespace) is not { Length: > 0 })
            {
                result.AddError("--leader-elect outside of a pod needs --leader-election-namespace, the namespace of the Lease.");
            }
        });
    }

    /// <summary>The Lease; null means that this operator acts alone.</summary>
    public ObjectKey? Lease(ParseResult result) =>
        result.GetValue(_elect) ? new(result.GetRequiredValue(_namespace), result.GetRequiredValue(_name)) : null;
}
