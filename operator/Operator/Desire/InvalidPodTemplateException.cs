namespace Slipway.Operator.Desire;

/// <summary>No pod can be built from <c>spec.podTemplate</c>; the message says what is wrong there.</summary>
internal sealed class InvalidPodTemplateException(string message, Exception? inner = null) : Exception(message, inner);
