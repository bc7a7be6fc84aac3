namespace Slipway.DevCluster.Nodes.Volumes;

/// <summary>One file of a volume made from API objects. <paramref name="Path"/> is relative, without <c>..</c>.</summary>
internal sealed record VolumeFile(string Path, ReadOnlyMemory<byte> Content, int Mode);

/// <summary>A volume cannot be made now; the message is for the event <c>FailedMount</c>.</summary>
internal sealed class VolumeMissingException(string message) : Exception(message);
