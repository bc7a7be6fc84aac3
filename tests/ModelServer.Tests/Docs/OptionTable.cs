using System.CommandLine;
using System.Text.RegularExpressions;
using Slipway.ModelServer.Tests.Samples;

namespace Slipway.ModelServer.Tests.Docs;

/// <summary>The tables of options in the server's reference.</summary>
internal static partial class OptionTable
{
    /// <summary>The command's table has each of its options and no other, with its default where that is more than nothing.</summary>
    public static void RequireToListAll(Command command)
    {
        var page = File.ReadAllText(Path.Combine(FraudDetectionSample.Root, "docs", "reference", "model-server.md"));
        var section = page.Split("\n## ").Single(section => section.StartsWith($"Options of `{command.Name}`", StringComparison.Ordinal));
        var listed = Row().Matches(section).ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value);
        var options = command.Options.ToDictionary(option => option.Name);

        listed.Keys.Should().BeEquivalentTo(options.Keys);
        foreach (var (name, option) in options.Where(option => option.Value.HasDefaultValue))
        {
            listed[name].Should().Be(option.GetDefaultValue() is "" or Array ? "" : $"`{option.GetDefaultValue()}`", name);
        }
    }

    [GeneratedRegex(@"^\| `(--[a-z-]+)` \| (.*?) ?\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
