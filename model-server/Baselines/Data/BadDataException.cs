namespace Slipway.ModelServer.Baselines.Data;

/// <summary>The rows cannot be read, or are not what the model takes.</summary>
/// <param name="fault">What the user reads behind the file's name: where, what is wrong and what to do.</param>
internal sealed class BadDataException(string fault, Exception? inner = null) : Exception(fault, inner);
