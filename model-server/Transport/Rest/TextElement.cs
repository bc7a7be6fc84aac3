using System.Buffers;
using System.Buffers.Text;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>How elements of BYTES are written in JSON.</summary>
internal enum TextForm
{
    /// <summary>A string is its UTF-8 bytes.</summary>
    Plain,

    /// <summary>A string is base64 of the bytes.</summary>
    Base64,

    /// <summary>V1: a string is its UTF-8 bytes, and an object <c>{"b64": …}</c> holds base64.</summary>
    Marked,
}

/// <summary>Reads one element of BYTES.</summary>
internal static class TextElement
{
    private const int OnStack = 512;

    public static string Expected(TextForm form) => form switch
    {
        TextForm.Plain => "a string",
        TextForm.Base64 => "a string of base64",
        TextForm.Marked => "a string, or an object with base64 under the name 'b64'",
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, "is no form of text"),
    };

    /// <returns>False when this is no such element; the cursor is at it then.</returns>
    public static bool TryRead(ref JsonCursor cursor, TextForm form, TensorBuffer target, int index)
    {
        var next = cursor.Peek();
        var at = cursor;
        if (TryTake(ref cursor, next, form, target, index))
        {
            return true;
        }

        cursor = at;
        return false;
    }

    private static bool TryTake(ref JsonCursor cursor, byte next, TextForm form, TensorBuffer target, int index)
    {
        if (next == '"')
        {
            var text = cursor.TakeString("to begin a string");
            if (form == TextForm.Base64)
            {
                return TryDecode(text, target, index);
            }

            target.SetString(index, text);
            return true;
        }

        return form == TextForm.Marked && next == '{' && TryReadMarked(ref cursor, target, index);
    }

    private static bool TryReadMarked(ref JsonCursor cursor, TensorBuffer target, int index)
    {
        cursor.Take((byte)'{', "to begin an object");
        return cursor.Peek() == '"'
            && cursor.TakeString("to begin a name").SequenceEqual("b64"u8)
            && cursor.TryTake((byte)':')
            && cursor.Peek() == '"'
            && TryDecode(cursor.TakeString("to begin base64"), target, index)
            && cursor.TryTake((byte)'}');
    }

    private static bool TryDecode(ReadOnlySpan<byte> base64, TensorBuffer target, int index)
    {
        var room = Base64.GetMaxDecodedFromUtf8Length(base64.Length);
        var rented = room > OnStack ? ArrayPool<byte>.Shared.Rent(room) : null;
        try
        {
            var bytes = rented ?? stackalloc byte[OnStack];
            if (Base64.DecodeFromUtf8(base64, bytes, out var consumed, out var written) != OperationStatus.Done || consumed != base64.Length)
            {
                return false;
            }

            target.SetString(index, bytes[..written]);
            return true;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }
}
