namespace Slipway.Runtime;

/// <summary>A write was not sent, because this process does not hold the lease, or did not renew it in time. Trying again does not help.</summary>
public sealed class NotLeaderException(string message) : Exception(message);
