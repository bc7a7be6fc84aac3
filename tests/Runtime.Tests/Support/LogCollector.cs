using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Slipway.Runtime.Tests;

/// <summary>Keeps every line; a test that logs an error it did not expect fails.</summary>
internal sealed class LogCollector : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> _lines = new();
    private readonly ConcurrentDictionary<int, byte> _expected = new();
    private readonly IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyList<LogLine> Lines => [.. _lines];

    public int Count(int eventId) => _lines.Count(line => line.EventId == eventId);

    public void Expect(int eventId) => _expected[eventId] = 0;

    public void AssertNoUnexpectedErrors() =>
        _lines.Where(line => line.Level >= LogLevel.Error && !_expected.ContainsKey(line.EventId)).Should().BeEmpty("no error was expected");

    public ILogger CreateLogger(string categoryName) => new Collector(this);

    public void Dispose() => _lines.Clear();

    private sealed class Collector(LogCollector lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => lines._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scopes = new List<string>();
            lines._scopes.ForEachScope(static (scope, all) => all.Add($"{scope}"), scopes);
            lines._lines.Enqueue(new(logLevel, eventId.Id, formatter(state, exception), exception, scopes));
        }
    }
}

internal sealed record LogLine(LogLevel Level, int EventId, string Message, Exception? Exception, IReadOnlyList<string> Scopes)
{
    public override string ToString() => $"{Level} {EventId} {Message} {Exception}";
}
