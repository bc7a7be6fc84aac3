namespace Slipway.DevCluster.Nodes.Environment;

/// <summary>A container refers to something that does not exist (yet); the message is the kubelet's, for <c>CreateContainerConfigError</c>.</summary>
internal sealed class ConfigurationException(string message) : Exception(message);
