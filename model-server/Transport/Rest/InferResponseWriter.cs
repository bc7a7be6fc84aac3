using System.Text;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>Writes the answer of an infer request: JSON, and behind it the outputs that were asked for in the binary form.</summary>
internal static class InferResponseWriter
{
    /// <param name="id">The request's id as it stood there, with quotes; empty when it had none.</param>
    /// <returns>Bytes of the JSON when binary data may follow it; null when the answer is JSON alone.</returns>
    /// <exception cref="ServingException">An output has no JSON form.</exception>
    public static int? Write(PooledWriter writer, ModelVersion target, ReadOnlySpan<byte> id, InferResult result, in AnswerForm form)
    {
        writer.Write("{\"model_name\":"u8);
        JsonOut.String(writer, target.Model);
        writer.Write(",\"model_version\":"u8);
        JsonOut.String(writer, target.Version);
        if (!id.IsEmpty)
        {
            writer.Write(",\"id\":"u8);
            writer.Write(id);
        }

        writer.Write(",\"outputs\":["u8);
        var hasBinary = false;
        for (var i = 0; i < result.Count; i++)
        {
            if (i > 0)
            {
                writer.Write((byte)',');
            }

            var each = form.Of(i);
            hasBinary |= each == TensorForm.Binary;
            WriteTensor(writer, result.Output(i), each);
        }

        writer.Write("]}"u8);
        return hasBinary ? WriteBinary(writer, result, form) : null;
    }

    private static int WriteBinary(PooledWriter writer, InferResult result, in AnswerForm form)
    {
        var jsonBytes = writer.Written.Length;
        for (var i = 0; i < result.Count; i++)
        {
            if (form.Of(i) == TensorForm.Binary)
            {
                RawElements.Write(writer, result.Output(i));
            }
        }

        return jsonBytes;
    }

    private static void WriteTensor(PooledWriter writer, OutputTensor output, TensorForm form)
    {
        var spec = output.Spec;
        writer.Write("{\"name\":"u8);
        JsonOut.String(writer, spec.Utf8Name);
        writer.Write(",\"datatype\":\""u8);
        writer.Write(spec.Datatype.Utf8Name());
        writer.Write("\",\"shape\":["u8);
        var shape = output.Shape;
        for (var i = 0; i < shape.Length; i++)
        {
            if (i > 0)
            {
                writer.Write((byte)',');
            }

            JsonOut.Number(writer, shape[i]);
        }

        writer.Write((byte)']');
        WriteParameters(writer, output, form);
        if (form != TensorForm.Binary)
        {
            writer.Write(",\"data\":["u8);
            TensorJson.Write(writer, output, 0..output.Count, form == TensorForm.Base64 ? TextForm.Base64 : TextForm.Plain);
            writer.Write((byte)']');
        }

        writer.Write((byte)'}');
    }

    private static void WriteParameters(PooledWriter writer, OutputTensor output, TensorForm form)
    {
        var columns = output.Spec.ColumnsJson;
        if (form == TensorForm.Json && columns.Length == 0)
        {
            return;
        }

        writer.Write(",\"parameters\":{"u8);
        switch (form)
        {
            case TensorForm.Binary:
                writer.Write("\"binary_data_size\":"u8);
                JsonOut.Number(writer, RawElements.Size(output));
                break;
            case TensorForm.Base64:
                writer.Write("\"content_type\":\"base64\""u8);
                break;
        }

        if (columns.Length > 0)
        {
            writer.Write(form == TensorForm.Json ? "\"columns\":"u8 : ",\"columns\":"u8);
            JsonOut.String(writer, Encoding.UTF8.GetBytes(columns));
        }

        writer.Write((byte)'}');
    }
}
