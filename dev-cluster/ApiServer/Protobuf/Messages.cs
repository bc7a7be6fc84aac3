using System.Collections.Frozen;

namespace Slipway.DevCluster.ApiServer.Protobuf;

/// <summary>The messages that are understood, by name: <c>apps/v1.Deployment</c>, <c>v1.Container</c>, <c>meta.ObjectMeta</c>.</summary>
internal static class Messages
{
    private const string Table = "Slipway.DevCluster.ApiServer.Protobuf.messages.txt";
    private static readonly FrozenDictionary<string, FrozenDictionary<int, MessageField>> All = Read();

    /// <returns>The fields by number; null for a message that is not known.</returns>
    public static FrozenDictionary<int, MessageField>? Find(string name) => All.GetValueOrDefault(name);

    private static FrozenDictionary<string, FrozenDictionary<int, MessageField>> Read()
    {
        using var stream = typeof(Messages).Assembly.GetManifestResourceStream(Table)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToFrozenDictionary(words => words[0], words => words.Skip(1).Select(MessageField.Parse).ToFrozenDictionary(field => field.Number, field => field.Field));
    }
}
