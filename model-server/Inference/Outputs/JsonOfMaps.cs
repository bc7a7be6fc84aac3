using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Inference.Outputs;

/// <summary>Writes each map as a JSON object, its keys in order. A value that JSON has no number for is null.</summary>
internal sealed class JsonOfMaps : IOutputMaker
{
    public OrtValue Make(OrtValue given)
    {
        var rows = given.GetValueCount();
        var made = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [rows]);
        try
        {
            var text = new ArrayBufferWriter<byte>();
            using var json = new Utf8JsonWriter(text);
            for (var row = 0; row < rows; row++)
            {
                using var map = given.GetValue(row, OrtAllocator.DefaultInstance);
                using var keys = map.GetValue(0, OrtAllocator.DefaultInstance);
                using var values = map.GetValue(1, OrtAllocator.DefaultInstance);
                Write(json, keys, values.GetTensorDataAsSpan<float>());
                made.StringTensorSetElementAt(text.WrittenSpan, row);
                text.ResetWrittenCount();
                json.Reset();
            }

            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    private static void Write(Utf8JsonWriter json, OrtValue keys, ReadOnlySpan<float> values)
    {
        json.WriteStartObject();
        var areTexts = MapColumns.IsText(keys, out var count);
        var numbers = areTexts ? [] : keys.GetTensorDataAsSpan<long>();
        Span<byte> digits = stackalloc byte[20];
        for (var i = 0; i < count; i++)
        {
            if (areTexts)
            {
                json.WritePropertyName(keys.GetStringElementAsSpan(i));
            }
            else
            {
                numbers[i].TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
                json.WritePropertyName(digits[..length]);
            }

            if (float.IsFinite(values[i]))
            {
                json.WriteNumberValue(values[i]);
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndObject();
        json.Flush();
    }
}
