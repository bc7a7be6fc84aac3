using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.DevCluster.ApiServer.Protobuf;

/// <summary>
/// Kubernetes' protobuf encoding of an object, which its typed clients send: four bytes that say so, then an envelope with apiVersion, kind and the message.
/// </summary>
internal static class ProtobufBody
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private static ReadOnlySpan<byte> Prefix => "k8s\0"u8;

    /// <summary>The object as JSON would say it; null when its kind has no protobuf form here.</summary>
    /// <exception cref="FormatException">For bytes that are no such encoding.</exception>
    public static JsonObject? Read(ReadOnlySpan<byte> body)
    {
        if (!body.StartsWith(Prefix))
        {
            throw new FormatException("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        }

        var envelope = new WireReader(body[Prefix.Length..]);
        var (apiVersion, kind) = ("", "");
        ReadOnlySpan<byte> message = [];
        while (!envelope.AtEnd)
        {
            switch (envelope.ReadTag())
            {
                case (1, WireType.Bytes):
                    (apiVersion, kind) = ReadType(envelope.ReadBytes());
                    break;
                case (2, WireType.Bytes):
                    message = envelope.ReadBytes();
                    break;
                case var (_, type):
                    envelope.Skip(type);
                    break;
            }
        }

        if (Messages.Find(Name(apiVersion, kind)) is not { } fields)
        {
            return null;
        }

        var value = new JsonObject { ["kind"] = kind, ["apiVersion"] = apiVersion };
        MessageReader.ReadInto(value, message, fields);
        return value;
    }

    /// <summary>Options of a deletion go by the version of what is deleted, and are the same in all.</summary>
    private static string Name(string apiVersion, string kind) => kind == "DeleteOptions" ? "meta.DeleteOptions" : $"{apiVersion}.{kind}";

    private static (string ApiVersion, string Kind) ReadType(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var (apiVersion, kind) = ("", "");
        while (!reader.AtEnd)
        {
            switch (reader.ReadTag())
            {
                case (1, WireType.Bytes):
                    apiVersion = Encoding.UTF8.GetString(reader.ReadBytes());
                    break;
                case (2, WireType.Bytes):
                    kind = Encoding.UTF8.GetString(reader.ReadBytes());
                    break;
                case var (_, type):
                    reader.Skip(type);
                    break;
            }
        }

        return (apiVersion, kind);
    }
}
