using System.Globalization;
using System.Text;

namespace Slipway.ModelServer.Tests.Transport.Rest;

/// <summary>One request that may be good or bad, the same for the same seed.</summary>
internal sealed record MutatedRequest(string Path, byte[] Body, string? JsonBytes);

/// <summary>Takes good requests for the model of two inputs and harms them.</summary>
internal static class BodyMutator
{
    private const string Infer = "/v2/models/m/infer";
    private const string Predict = "/v1/models/m:predict";

    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "false", "NaN", "-", "1e999", "-0", "1.5", "18446744073709551616", "\\ud800", "\\u0000",
        "\"name\"", "\"shape\"", "\"data\"", "\"inputs\"", "\"datatype\"", "\"FP32\"", "\"INT64\"", "\"outputs\"", "[[[[[[[[[[", "{\"a\":", "\u00ff", " ",
        "\"parameters\":{", "\"binary_data_size\":8", "\"binary_data\":true", "\"content_type\":\"base64\"", "\"timeout\":1", "\"instances\"", "{\"b64\":\"",
        "9223372036854775807", "-9223372036854775808", "4294967296", "0", "1e-45", "3.4028236e38", "0.000000000000000000000000000000000000001",
    ];

    private static readonly string[] Json =
    [
        """{"id":"1","inputs":[{"name":"a","shape":[2,2],"datatype":"FP32","data":[[1,2],[3.5,-4e3]]},{"name":"b","shape":[2,2],"datatype":"INT64","data":[1,2,3,4]}],"outputs":[{"name":"ya"}]}""",
        """{"parameters":{"timeout":9000000,"binary_data_output":true},"inputs":[{"data":[1,2],"name":"a","shape":[1,2],"datatype":"FP32"},{"name":"b","shape":[2],"datatype":"INT64","data":[1.0,2e1]}]}""",
        """{"inputs":[{"name":"a","shape":[1,2],"datatype":"FP32","data":[0.1,0.2]},{"name":"b","shape":[0],"datatype":"INT64","data":[]}],"outputs":[{"name":"yb","parameters":{"binary_data":false}},{"name":"ya","parameters":{"binary_data":true}}]}""",
    ];

    private static readonly string[] V1 =
    [
        """{"instances":[{"a":[1,2],"b":3},{"b":4,"a":[5,6]}]}""",
        """{"inputs":{"a":[[1,2]],"b":[7]}}""",
        """{"signature_name":"x","inputs":{"b":[],"a":[[1,2],[3,4]]}}""",
    ];

    private static readonly (string Json, byte[] Tensors)[] Binary =
    [
        ("""{"inputs":[{"name":"a","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":8}},{"name":"b","shape":[1],"datatype":"INT64","parameters":{"binary_data_size":8}}],"parameters":{"binary_data_output":true}}""", new byte[16]),
        ("""{"inputs":[{"name":"b","shape":[1],"datatype":"INT64","data":[5]},{"name":"a","shape":[2,2],"datatype":"FP32","parameters":{"binary_data_size":16}}]}""", new byte[16]),
    ];

    public static MutatedRequest Make(int seed)
    {
        var random = new Random(seed);
        switch (random.Next(3))
        {
            case 0: return new(Infer, Harm(Json[random.Next(Json.Length)], random), random.Next(50) == 0 ? "0" : null);
            case 1: return new(Predict, Harm(V1[random.Next(V1.Length)], random), null);
            default:
                var (json, tensors) = Binary[random.Next(Binary.Length)];
                var head = Harm(json, random);
                random.NextBytes(tensors = [.. tensors]);
                var tail = tensors.AsSpan(0, random.Next(4) == 0 ? random.Next(tensors.Length) : tensors.Length);
                var length = head.Length + (random.Next(8) == 0 ? random.Next(-20, 20) : 0);
                return new(Infer, [.. head, .. tail], length.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static byte[] Harm(string json, Random random)
    {
        var body = new StringBuilder(json);
        for (var change = random.Next(4); change > 0 && body.Length > 0; change--)
        {
            var at = random.Next(body.Length);
            switch (random.Next(5))
            {
                case 0: body.Remove(at, Math.Min(random.Next(1, 6), body.Length - at)); break;
                case 1: body.Insert(at, Tokens[random.Next(Tokens.Length)]); break;
                case 2: body[at] = (char)random.Next(1, 256); break;
                case 3: Swap(body, Tokens[random.Next(Tokens.Length)], at); break;
                default: body.Length = Math.Max(1, at); break;
            }
        }

        return Encoding.Latin1.GetBytes(body.ToString());
    }

    // Puts a token in the place of the number or word that stands here.
    private static void Swap(StringBuilder body, string token, int at)
    {
        var end = at;
        while (end < body.Length && (char.IsLetterOrDigit(body[end]) || body[end] is '.' or '-' or '+'))
        {
            end++;
        }

        body.Remove(at, end - at).Insert(at, token);
    }
}
