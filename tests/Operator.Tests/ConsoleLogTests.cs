using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Slipway.Telemetry;

namespace Slipway.Operator.Tests;

internal sealed partial class ConsoleLogTests
{
    [TestCase(true)]
    [TestCase(false)]
    public void Text_for_people_has_the_time_and_the_scopes_that_are_told(bool scopes)
    {
        var line = Line(ConsoleFormatterNames.Simple, json: false, scopes);

        TimeAtStart().IsMatch(line).Should().BeTrue("the line is {0}", line);
        line.Trim().Should().NotContain("\n").And.EndWith("the message");
        line.Contains("inner", StringComparison.Ordinal).Should().Be(scopes);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Json_for_programs_has_the_time_and_the_scopes_that_are_told(bool scopes)
    {
        var line = Line(ConsoleFormatterNames.Json, json: true, scopes);

        TimeInJson().IsMatch(line).Should().BeTrue("the line is {0}", line);
        line.Contains("inner", StringComparison.Ordinal).Should().Be(scopes);
    }

    private static string Line(string formatter, bool json, bool scopes)
    {
        using var services = new ServiceCollection().AddLogging(builder => ConsoleLog.AddTo(builder, json, scopes)).BuildServiceProvider();
        var current = new LoggerExternalScopeProvider();
        using var scope = current.Push("inner");
        using var text = new StringWriter();
        services.GetServices<ConsoleFormatter>().Single(known => known.Name == formatter)
            .Write(new LogEntry<string>(LogLevel.Information, "category", default, "the message", null, (state, _) => state), current, text);
        return text.ToString();
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ")]
    private static partial Regex TimeAtStart();

    [GeneratedRegex("""^\{"Timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",""")]
    private static partial Regex TimeInJson();
}
