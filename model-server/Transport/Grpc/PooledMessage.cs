using System.Buffers;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Transport.Grpc;

/// <summary>One whole message in pooled memory, counted against the budget. Dispose it exactly once, when nothing points into <see cref="Memory"/> any more.</summary>
internal readonly struct PooledMessage(byte[] rented, int length, BodyBudget budget) : IDisposable
{
    public ReadOnlyMemory<byte> Memory => rented.AsMemory(0, length);

    public void Dispose()
    {
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
            budget.Release(length);
        }
    }
}
