using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Reads one tensor of <c>inputs</c>.</summary>
internal ref struct InputReader(InferCall call)
{
    private int _input = -1;
    private int _dataAt = -1;
    private bool _dataIsRead;
    private bool _hasDatatype;
    private bool _hasParameters;
    private bool _isBase64;
    private long? _binarySize;
    private ReadOnlySpan<byte> _datatype;
    private int _rank = -1;

    public static void Read(ref JsonCursor cursor, ref RequestParts parts, InferCall call)
    {
        Span<long> axes = stackalloc long[InputRoom.MostAxes];
        new InputReader(call).ReadFields(ref cursor, ref parts, axes);
    }

    private void ReadFields(ref JsonCursor cursor, ref RequestParts parts, scoped Span<long> axes)
    {
        if (!cursor.TryTake((byte)'{'))
        {
            throw ServingException.Invalid("'inputs' must be an array of tensors, each an object with name, shape, datatype and data.");
        }

        if (!cursor.TryTake((byte)'}'))
        {
            do
            {
                ReadField(ref cursor, parts, axes);
            }
            while (cursor.TakeCommaOr((byte)'}'));
        }

        Require(_input >= 0, "name");
        Require(_hasDatatype, "datatype");
        Require(_rank >= 0, "shape");
        if (_binarySize is { } size)
        {
            ReadBinary(ref parts, axes[.._rank], size);
            return;
        }

        Require(_dataAt >= 0, "data");
        if (_isBase64 && call.Session.Inputs[_input].Datatype != Datatype.Bytes)
        {
            throw ServingException.Invalid($"Input {Name}: 'content_type' base64 is for BYTES only.");
        }

        if (!_dataIsRead)
        {
            var back = new JsonCursor(parts.Json, _dataAt);
            ReadData(ref back, parts, axes[.._rank]);
        }
    }

    private void ReadField(ref JsonCursor cursor, in RequestParts parts, scoped Span<long> axes)
    {
        var field = InferRequestReader.TakeName(ref cursor);
        if (field.SequenceEqual("name"u8))
        {
            RequireFirst(_input < 0, "name");
            _input = TensorNames.Find(ref cursor, "input", call.Session.Inputs);
        }
        else if (field.SequenceEqual("datatype"u8))
        {
            RequireFirst(!_hasDatatype, "datatype");
            _datatype = cursor.Peek() == '"' ? cursor.TakeString("to begin a datatype") : throw NotAString();
            _hasDatatype = true;
        }
        else if (field.SequenceEqual("shape"u8))
        {
            RequireFirst(_rank < 0, "shape");
            _rank = ReadShape(ref cursor, axes);
        }
        else if (field.SequenceEqual("data"u8))
        {
            PassData(ref cursor, parts, axes);
        }
        else if (field.SequenceEqual("parameters"u8))
        {
            RequireFirst(!_hasParameters, "parameters");
            ReadParameters(ref cursor);
        }
        else
        {
            cursor.SkipValue();
        }
    }

    // Data is read where it stands once all that it depends on is known; whether a text is base64 is said by a parameter.
    private void PassData(ref JsonCursor cursor, in RequestParts parts, scoped ReadOnlySpan<long> axes)
    {
        RequireFirst(_dataAt < 0, "data");
        _dataAt = cursor.Position;
        var isKnown = _input >= 0 && _hasDatatype && _rank >= 0;
        if (isKnown && _binarySize is null && (_hasParameters || call.Session.Inputs[_input].Datatype != Datatype.Bytes))
        {
            ReadData(ref cursor, parts, axes[.._rank]);
            _dataIsRead = true;
        }
        else
        {
            cursor.SkipValue();
        }
    }

    private void ReadParameters(ref JsonCursor cursor)
    {
        _hasParameters = true;
        var parameters = new Parameters("input", _input >= 0 ? call.Session.Inputs[_input] : null);
        while (parameters.Next(ref cursor, out var name))
        {
            if (name.SequenceEqual("binary_data_size"u8))
            {
                _binarySize = parameters.TakeCount(ref cursor);
            }
            else if (name.SequenceEqual("content_type"u8))
            {
                // Other words tell other servers how to decode what is plain here.
                _isBase64 = parameters.TakeText(ref cursor).SequenceEqual("base64"u8);
            }
            else
            {
                parameters.Skip(ref cursor);
            }
        }
    }

    private readonly void ReadBinary(ref RequestParts parts, scoped ReadOnlySpan<long> shape, long size)
    {
        var spec = call.Session.Inputs[_input];
        if (_dataAt >= 0)
        {
            throw ServingException.Invalid($"Input {spec} has 'data' as well as 'binary_data_size'; send one of them.");
        }

        var raw = parts.TakeBinary(size, spec);
        RawElements.Read(raw, spec, Prepare(parts, shape, RawElements.MostIn(raw.Length, spec.Datatype)));
    }

    private readonly void ReadData(ref JsonCursor cursor, in RequestParts parts, scoped ReadOnlySpan<long> shape)
    {
        var spec = call.Session.Inputs[_input];
        var target = Prepare(parts, shape, JsonElements.MostIn(parts.Json.Length, spec.Datatype));
        TensorData.Read(ref cursor, new ElementRange(spec, target), _isBase64 ? TextForm.Base64 : TextForm.Plain);
    }

    private readonly TensorBuffer Prepare(in RequestParts parts, scoped ReadOnlySpan<long> shape, long mostElements) =>
        InputRoom.Prepare(call, _input, _datatype, shape, mostElements, parts.Limits);

    private readonly int ReadShape(ref JsonCursor cursor, scoped Span<long> axes)
    {
        if (!cursor.TryTake((byte)'['))
        {
            throw BadShape("must be an array of lengths");
        }

        if (cursor.TryTake((byte)']'))
        {
            return 0;
        }

        var rank = 0;
        do
        {
            if (rank == InputRoom.MostAxes)
            {
                throw BadShape($"has more than {InputRoom.MostAxes} axes");
            }

            cursor.SkipWhitespace();
            if (!IntegerParser<long>.TryParse(ref cursor, out axes[rank]) || axes[rank] < 0)
            {
                throw BadShape("must hold whole numbers that are not negative: the lengths that are sent");
            }

            rank++;
        }
        while (cursor.TakeCommaOr((byte)']'));
        return rank;
    }

    private readonly void Require(bool holds, string field)
    {
        if (!holds)
        {
            throw ServingException.Invalid($"Input {Name} has no '{field}'.");
        }
    }

    private readonly void RequireFirst(bool holds, string field)
    {
        if (!holds)
        {
            throw ServingException.Invalid($"Input {Name} has '{field}' twice.");
        }
    }

    private readonly ServingException NotAString() => ServingException.Invalid($"Input {Name}: 'datatype' must be a string such as \"FP32\".");

    private readonly ServingException BadShape(string what) => ServingException.Invalid($"Input {Name}: 'shape' {what}.");

    private readonly string Name => _input >= 0 ? call.Session.Inputs[_input].ToString() : "without a name";
}
