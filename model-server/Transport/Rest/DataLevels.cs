using System.Globalization;
using System.Runtime.CompilerServices;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>
/// The brackets around a tensor's elements: one pair when the data is flat, one pair for each axis when it is nested, none for a bare
/// scalar. Gives the elements row by row, and holds nested data to the shape.
/// </summary>
internal ref struct DataLevels(ElementRange range)
{
    private readonly ElementRange _range = range;

    // Nothing is nested inside of an axis of length 0.
    private readonly ReadOnlySpan<long> _shape = range.Shape.IndexOf(0) is var empty and >= 0 ? range.Shape[..(empty + 1)] : range.Shape;

    private Counts _done;
    private bool _nested;
    private bool _bare;
    private bool _ended;
    private bool _begun;

    /// <summary>Passes the outermost bracket and sees which form follows.</summary>
    public void Open(ref JsonCursor cursor)
    {
        if (cursor.TryTake((byte)'['))
        {
            _nested = _shape.Length > 1 && cursor.Peek() == '[';
            return;
        }

        if (_shape.Length > 0)
        {
            throw ServingException.Invalid($"Input {_range.Spec}: data must be an array of {_range.Count} elements.");
        }

        _bare = true;
    }

    /// <summary>Moves to the next elements that stand beside one another.</summary>
    /// <returns>False when the data is over.</returns>
    public bool NextRow(ref JsonCursor cursor, out int elements)
    {
        elements = 0;
        if (_nested)
        {
            return NextNested(ref cursor, out elements);
        }

        if (_ended || (_begun && _bare))
        {
            return false;
        }

        if (_begun)
        {
            _ended = true;
            RequireEnd(ref cursor);
            return false;
        }

        _begun = true;
        elements = _range.Count;
        return true;
    }

    public static ServingException WrongNesting(TensorSpec spec, ReadOnlySpan<long> shape) => ServingException.Invalid(
        $"Input {spec}: data is nested differently from the given shape {TensorSpec.Format(shape)}; nest it once for each axis, or give it flat.");

    private readonly void RequireEnd(ref JsonCursor cursor)
    {
        if (cursor.TryTake((byte)']'))
        {
            return;
        }

        var next = cursor.Peek();
        throw next == ',' || _range.Count == 0
            ? ServingException.Invalid(string.Create(
                CultureInfo.InvariantCulture,
                $"Input {_range.Spec}: the given shape {TensorSpec.Format(_range.Shape)} takes {_range.Count} elements, data holds more."))
            : cursor.Wrong("',' or ']'");
    }

    // _done[axis] counts the finished entries of the open array of that axis; the first bracket was passed by Open.
    private bool NextNested(ref JsonCursor cursor, out int elements)
    {
        elements = 0;
        var innermost = _shape.Length - 1;
        var axis = _begun ? innermost : 0;
        if (_begun)
        {
            TakeEnd(ref cursor);
            axis--;
            while (++_done[axis] == _shape[axis])
            {
                TakeEnd(ref cursor);
                _done[axis] = 0;
                if (axis-- == 0)
                {
                    return false;
                }
            }

            if (!cursor.TryTake((byte)','))
            {
                throw cursor.Peek() == ']' ? WrongNesting(_range.Spec, _range.Shape) : cursor.Wrong("',' or ']'");
            }
        }

        _begun = true;
        for (; axis < innermost; axis++)
        {
            if (!cursor.TryTake((byte)'['))
            {
                throw WrongNesting(_range.Spec, _range.Shape);
            }
        }

        elements = (int)_shape[innermost];
        return true;
    }

    private readonly void TakeEnd(ref JsonCursor cursor)
    {
        if (!cursor.TryTake((byte)']'))
        {
            throw cursor.Peek() is (byte)',' or (byte)'[' ? WrongNesting(_range.Spec, _range.Shape) : cursor.Wrong("',' or ']'");
        }
    }

    [InlineArray(InputRoom.MostAxes)]
    private struct Counts
    {
        private int _first;
    }
}
