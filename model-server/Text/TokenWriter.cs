using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Text;

/// <summary>Writes rows of whole numbers into a graph's input of INT64 or INT32.</summary>
internal readonly ref struct TokenWriter
{
    private readonly Span<long> _longs;
    private readonly Span<int> _ints;

    public TokenWriter(InferCall call, int input, ReadOnlySpan<long> shape, int count)
    {
        var buffer = call.PrepareGraph(input, shape, count);
        if (call.Session.GraphInputs[input].Datatype == Datatype.Int64)
        {
            _longs = buffer.Elements<long>();
        }
        else
        {
            _ints = buffer.Elements<int>();
        }
    }

    public void Row(int row, int length, List<int> ids, int pad)
    {
        if (_longs.IsEmpty)
        {
            var rest = _ints.Slice(row * length, length);
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids).CopyTo(rest);
            rest[ids.Count..].Fill(pad);
            return;
        }

        var wide = _longs.Slice(row * length, length);
        for (var i = 0; i < ids.Count; i++)
        {
            wide[i] = ids[i];
        }

        wide[ids.Count..].Fill(pad);
    }

    public void Row(int row, int length, int ones)
    {
        if (_longs.IsEmpty)
        {
            Mask(_ints.Slice(row * length, length), 1, ones);
        }
        else
        {
            Mask(_longs.Slice(row * length, length), 1L, ones);
        }
    }

    private static void Mask<T>(Span<T> row, T one, int ones) where T : struct
    {
        row[..ones].Fill(one);
        row[ones..].Clear();
    }
}
