namespace Slipway.ModelServer.Inference;

/// <summary>
/// This version can never load as it is: trying again would end the same way. <paramref name="sentence"/> says which thing, what is
/// wrong with it and what to do; it is what the user reads.
/// </summary>
internal class ModelRejectedException(string sentence, Exception? inner = null) : Exception(sentence, inner);

/// <summary>The version has other bytes than it had when a server like this one loaded it first.</summary>
internal sealed class DigestChangedException(string sentence) : ModelRejectedException(sentence);
