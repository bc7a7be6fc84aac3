using System.Text;
using k8s;
using k8s.Models;

namespace Slipway.Runtime;

/// <summary>One thing that happened, before it is sent. Two are equal, and counted as one, when all but the time is.</summary>
internal sealed record RecordedEvent(EventSubject About, string Type, string Reason, string Message)
{
    private const int MaxMessageBytes = 1024;

    public static RecordedEvent Of(IKubernetesObject<V1ObjectMeta> about, string type, string reason, string message) =>
        new(EventSubject.Of(about), type, reason, Cut(message));

    private static string Cut(string message)
    {
        if (Encoding.UTF8.GetByteCount(message) <= MaxMessageBytes)
        {
            return message;
        }

        var length = 0;
        var bytes = 0;
        foreach (var rune in message.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxMessageBytes - 3)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return $"{message[..length]}...";
    }
}

/// <summary>The object that an event is about, without its resourceVersion: the version does not make it another event.</summary>
internal sealed record EventSubject(string ApiVersion, string Kind, ObjectKey Key, string Uid)
{
    public static EventSubject Of(IKubernetesObject<V1ObjectMeta> about) =>
        new(about.ApiVersion ?? "", about.Kind ?? "", about.Key(), about.Metadata.Uid ?? "");
}
