using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>A test that needs the cluster that these tests start themselves, and is left out where another is named.</summary>
/// <param name="why">What of it no other cluster has.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class OwnClusterAttribute(string why) : NUnitAttribute, IApplyToTest
{
    public const string Processes = "It looks at processes, files or ports of the machine that pods run on.";
    public const string Requests = "It counts what the operator asks of the API server.";
    public const string Metrics = "It needs the pods' own figures at custom.metrics.k8s.io, which other clusters have of an adapter.";
    public const string Its = "It starts, breaks or stops a cluster of its own.";

    public void ApplyToTest(Test test)
    {
        if (TestCluster.Other is not null && test.RunState != RunState.NotRunnable)
        {
            test.RunState = RunState.Ignored;
            test.Properties.Set(PropertyNames.SkipReason, why);
        }
    }
}
