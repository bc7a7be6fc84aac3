using System.Numerics;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Batching;

/// <summary>Runs rows together and apart and compares what comes out: a model that normalises over its batch must not be batched.</summary>
internal static class RowComparison
{
    private const int Rows = 4;
    private const double Relative = 1e-5;

    // Near zero a relative bound would compare rounding errors.
    private const double Absolute = 1e-7;

    /// <returns>Null when every output agrees, else which does not.</returns>
    public static string? WhyNot(ModelSession session, CancellationToken cancellationToken)
    {
        using var together = Run(session, 0, Rows, cancellationToken, out var call);
        using (call)
        {
            for (var row = 0; row < Rows; row++)
            {
                using var alone = Run(session, row, 1, cancellationToken, out var single);
                using (single)
                {
                    for (var output = 0; output < alone.Count; output++)
                    {
                        if (!Agree(together.Output(output), row, alone.Output(output)))
                        {
                            return $"{session.Outputs[output]} comes out differently when rows are run together";
                        }
                    }
                }
            }
        }

        return null;
    }

    private static InferResult Run(ModelSession session, int firstRow, int rows, CancellationToken cancellationToken, out InferCall call)
    {
        call = session.Rent();
        if (SampleRows.Fill(call, firstRow, rows) is { } reason)
        {
            throw new InvalidDataException(reason);
        }

        return new InferResult(call, new RunOutputs(session.Run(call, cancellationToken), users: 1));
    }

    private static bool Agree(OutputTensor together, int row, OutputTensor alone)
    {
        if (together.Count != alone.Count * Rows)
        {
            return false;
        }

        var first = alone.Count * row;
        return together.Spec.Datatype switch
        {
            Datatype.FP32 => Near(together.Elements<float>().Slice(first, alone.Count), alone.Elements<float>(), Relative),
            Datatype.FP64 => Near(together.Elements<double>().Slice(first, alone.Count), alone.Elements<double>(), Relative),
            Datatype.FP16 => Near(together.Elements<Half>().Slice(first, alone.Count), alone.Elements<Half>(), 1e-3),
            Datatype.BF16 => Near(Widen(together.Elements<ushort>().Slice(first, alone.Count)), Widen(alone.Elements<ushort>()), 1e-2),
            Datatype.Bytes => SameTexts(together, first, alone),
            var whole => together.Bytes.Slice(first * whole.Size(), alone.Bytes.Length).SequenceEqual(alone.Bytes),
        };
    }

    private static bool Near<T>(ReadOnlySpan<T> one, ReadOnlySpan<T> other, double relative) where T : INumber<T>
    {
        for (var i = 0; i < one.Length; i++)
        {
            var (a, b) = (double.CreateTruncating(one[i]), double.CreateTruncating(other[i]));
            var near = Math.Abs(a - b) <= (relative * Math.Max(Math.Abs(a), Math.Abs(b))) + Absolute;
            if (!near && !a.Equals(b))
            {
                return false;
            }
        }

        return true;
    }

    // A bfloat16 is the upper half of a float.
    private static ReadOnlySpan<float> Widen(ReadOnlySpan<ushort> halves)
    {
        var wide = new float[halves.Length];
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] = BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
        }

        return wide;
    }

    private static bool SameTexts(OutputTensor together, int first, OutputTensor alone)
    {
        for (var i = 0; i < alone.Count; i++)
        {
            if (!together.Text(first + i).SequenceEqual(alone.Text(i)))
            {
                return false;
            }
        }

        return true;
    }
}
