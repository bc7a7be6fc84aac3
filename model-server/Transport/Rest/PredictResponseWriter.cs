using System.Globalization;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>
/// Writes the answer of V1's <c>:predict</c>, in the form in which it was asked: <c>predictions</c> with an entry for each row, or
/// <c>outputs</c> with an entry for each tensor. A model with one output gives its values, one with several gives objects with their names.
/// </summary>
internal static class PredictResponseWriter
{
    /// <exception cref="ServingException">An output has no JSON form, or is not made of rows.</exception>
    public static void Write(PooledWriter writer, InferResult result, in AnswerForm form)
    {
        if (form.Predict == PredictForm.Columns)
        {
            writer.Write("{\"outputs\":"u8);
            WriteColumns(writer, result);
        }
        else
        {
            writer.Write("{\"predictions\":["u8);
            WriteRows(writer, result, form.Rows);
            writer.Write((byte)']');
        }

        writer.Write((byte)'}');
    }

    private static void WriteColumns(PooledWriter writer, InferResult result)
    {
        if (result.Count == 1)
        {
            WriteNested(writer, result.Output(0), result.Output(0).Shape, 0);
            return;
        }

        for (var i = 0; i < result.Count; i++)
        {
            var output = result.Output(i);
            WriteName(writer, output, isFirst: i == 0);
            WriteNested(writer, output, output.Shape, 0);
        }

        writer.Write((byte)'}');
    }

    private static void WriteRows(PooledWriter writer, InferResult result, long rows)
    {
        var outputs = new OutputTensor[result.Count];
        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] = result.Output(i);
            RequireRows(outputs[i], rows);
        }

        for (var row = 0; row < rows; row++)
        {
            if (row > 0)
            {
                writer.Write((byte)',');
            }

            for (var i = 0; i < outputs.Length; i++)
            {
                if (outputs.Length > 1)
                {
                    WriteName(writer, outputs[i], isFirst: i == 0);
                }

                WriteNested(writer, outputs[i], outputs[i].Shape[1..], (int)(row * (outputs[i].Count / rows)));
            }

            if (outputs.Length > 1)
            {
                writer.Write((byte)'}');
            }
        }
    }

    private static void WriteName(PooledWriter writer, OutputTensor output, bool isFirst)
    {
        writer.Write(isFirst ? (byte)'{' : (byte)',');
        JsonOut.String(writer, output.Spec.Utf8Name);
        writer.Write((byte)':');
    }

    private static int WriteNested(PooledWriter writer, OutputTensor output, ReadOnlySpan<long> shape, int first)
    {
        if (shape.IsEmpty)
        {
            TensorJson.Write(writer, output, first..(first + 1), TextForm.Marked);
            return first + 1;
        }

        writer.Write((byte)'[');
        if (shape.Length == 1)
        {
            TensorJson.Write(writer, output, first..(first + (int)shape[0]), TextForm.Marked);
            first += (int)shape[0];
        }
        else
        {
            for (var i = 0; i < shape[0]; i++)
            {
                if (i > 0)
                {
                    writer.Write((byte)',');
                }

                first = WriteNested(writer, output, shape[1..], first);
            }
        }

        writer.Write((byte)']');
        return first;
    }

    private static void RequireRows(OutputTensor output, long rows)
    {
        if (output.Shape.IsEmpty || output.Shape[0] != rows)
        {
            throw ServingException.Invalid(string.Create(
                CultureInfo.InvariantCulture,
                $"Output {output.Spec} came with shape {TensorSpec.Format(output.Shape)} and has not one entry for each of {rows} instances; ask with 'inputs' in place of 'instances', or over /v2/models."));
        }
    }
}
