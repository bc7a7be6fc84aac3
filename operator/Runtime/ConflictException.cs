namespace Slipway.Runtime;

/// <summary>The object changed since it was read. The reconcile is repeated soon, from what is newer; nobody needs to be told.</summary>
public sealed class ConflictException(string message, Exception? inner = null) : Exception(message, inner);
