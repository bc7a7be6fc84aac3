namespace Slipway.EndToEnd.Tests.Support;

/// <summary>One replica of the operator as a process of its own, as its pod starts it.</summary>
/// <param name="environment">Variables as <c>NAME=value</c>.</param>
internal sealed class OperatorProcess(string kubeconfig, string[] environment, params string[] arguments)
    : ProgramProcess("Slipway.Operator", "slipway-operator", ["run", "--kubeconfig", kubeconfig, "--listen", "127.0.0.1:0", .. arguments], environment);
