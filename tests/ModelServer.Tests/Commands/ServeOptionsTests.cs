using System.Text.RegularExpressions;
using Slipway.ModelServer.Commands;
using Slipway.ModelServer.Tests.Samples;

namespace Slipway.ModelServer.Tests.Commands;

internal sealed class ServeOptionsTests
{
    [Test]
    public void The_reference_lists_the_options_that_there_are_with_their_defaults()
    {
        var page = File.ReadAllText(Path.Combine(FraudDetectionSample.Root, "docs", "reference", "model-server.md"));
        var listed = Regex.Matches(page, @"^\| `(--[a-z-]+)` \| (.*?) \|", RegexOptions.Multiline).ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value);
        var options = ServeCommand.Create().Options.ToDictionary(option => option.Name);

        listed.Keys.Should().BeEquivalentTo(options.Keys);
        foreach (var (name, option) in options.Where(option => option.Value.HasDefaultValue))
        {
            listed[name].Should().Be($"`{option.GetDefaultValue()}`", name);
        }
    }
}
