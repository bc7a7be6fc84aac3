namespace Slipway.ModelServer.DataPlane;

/// <summary>Bytes that the request bodies in flight may hold together, so that many large requests cannot use up the memory. Safe for many threads.</summary>
/// <param name="most">In bytes.</param>
internal sealed class BodyBudget(long most)
{
    private long _held;

    /// <summary>Bytes that are taken now.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Takes <paramref name="bytes"/> until <see cref="Release"/>.</summary>
    /// <exception cref="ServingException"><c>ResourceExhausted</c>; nothing was taken.</exception>
    public void Take(long bytes)
    {
        long held;
        do
        {
            held = Interlocked.Read(ref _held);
            if (bytes > most - held)
            {
                throw new ServingException(
                    ErrorCode.ResourceExhausted, $"The bodies of the requests in flight fill the {most} bytes that this server keeps for them; try again later, send fewer rows at a time, or add replicas.");
            }
        }
        while (Interlocked.CompareExchange(ref _held, held + bytes, held) != held);
    }

    public void Release(long bytes) => Interlocked.Add(ref _held, -bytes);
}
