using System.CommandLine;
using System.Globalization;
using Slipway.ModelServer.Configuration;

namespace Slipway.ModelServer.Commands;

/// <summary>The options of <c>serve</c> that bound what one client may ask for; see <see cref="RequestLimits"/>.</summary>
internal sealed class LimitOptions
{
    private const int LeastHeaderBytes = 1024;

    private static readonly RequestLimits Defaults = new();

    private readonly Option<long> _elements = new("--max-elements") { Description = "elements over all inputs of a request", DefaultValueFactory = _ => Defaults.Elements };
    private readonly Option<int> _rows = new("--max-rows") { Description = "rows of an input, where the model takes any number; 0 bounds them by --max-elements alone", DefaultValueFactory = _ => Defaults.Rows };
    private readonly Option<int> _tensors = new("--max-tensors") { Description = "entries of a request's inputs, and of its outputs", DefaultValueFactory = _ => Defaults.Tensors };
    private readonly Option<int> _depth = new("--max-json-depth") { Description = $"levels of arrays and objects in a value, at most {RequestLimits.DeepestJson}", DefaultValueFactory = _ => Defaults.JsonDepth };
    private readonly Option<int> _headerBytes = new("--max-header-bytes") { Description = "bytes of a request's headers", DefaultValueFactory = _ => Defaults.HeaderBytes };
    private readonly Option<int> _headers = new("--max-headers") { Description = "number of a request's headers", DefaultValueFactory = _ => Defaults.Headers };
    private readonly Option<int> _connections = new("--max-connections") { Description = "open connections to the HTTP port, and as many to the gRPC port", DefaultValueFactory = _ => Defaults.Connections };
    private readonly Option<string> _headersTimeout = new("--headers-timeout") { Description = "longest time that a request's headers may take to arrive", DefaultValueFactory = _ => "10s" };
    private readonly Option<int> _bodyRate = new("--min-body-rate") { Description = "slowest body that is waited for, in bytes a second; 0 waits for any", DefaultValueFactory = _ => Defaults.LeastBodyBytesPerSecond };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_elements, _rows, _tensors, _depth, _headerBytes, _headers, _connections, _headersTimeout, _bodyRate])
        {
            command.Options.Add(option);
        }
    }

    /// <summary><paramref name="errors"/> grows by what is out of bounds.</summary>
    public RequestLimits Read(ParseResult parsed, List<string> errors)
    {
        if (!GoDuration.TryParse(parsed.GetRequiredValue(_headersTimeout), out var timeout) || timeout == TimeSpan.Zero)
        {
            errors.Add($"{_headersTimeout.Name}: must be a duration such as 10s and more than zero, got '{parsed.GetValue(_headersTimeout)}'");
            timeout = Defaults.HeadersTimeout;
        }

        return new()
        {
            Elements = Within(parsed, _elements, 1, long.MaxValue, errors),
            Rows = Within(parsed, _rows, 0, int.MaxValue, errors),
            Tensors = Within(parsed, _tensors, 1, int.MaxValue, errors),
            JsonDepth = Within(parsed, _depth, 1, RequestLimits.DeepestJson, errors),
            HeaderBytes = Within(parsed, _headerBytes, LeastHeaderBytes, int.MaxValue, errors),
            Headers = Within(parsed, _headers, 1, int.MaxValue, errors),
            Connections = Within(parsed, _connections, 1, int.MaxValue, errors),
            HeadersTimeout = timeout,
            LeastBodyBytesPerSecond = Within(parsed, _bodyRate, 0, int.MaxValue, errors),
        };
    }

    private static T Within<T>(ParseResult parsed, Option<T> option, T least, T most, List<string> errors) where T : struct, IComparable<T>
    {
        var value = parsed.GetValue(option);
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{option.Name}: must be {least} to {most}, got {value}"));
        }

        return value;
    }
}
