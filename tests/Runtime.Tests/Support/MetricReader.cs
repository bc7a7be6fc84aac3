using System.Diagnostics.Metrics;

namespace Slipway.Runtime.Tests;

/// <summary>The last value of every series of one meter factory, as <c>name{label=value,…}</c>.</summary>
internal sealed class MetricReader : IDisposable
{
    private readonly Dictionary<string, double> _values = [];
    private readonly MeterListener _listener = new();

    public MetricReader(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == factory)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Set(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Set(instrument, value, tags));
        _listener.Start();
    }

    public IReadOnlyDictionary<string, double> Read()
    {
        _listener.RecordObservableInstruments();
        lock (_values)
        {
            return new Dictionary<string, double>(_values);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Set(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new List<string>();
        foreach (var (name, tag) in tags)
        {
            labels.Add($"{name}={tag}");
        }

        lock (_values)
        {
            _values[$"{instrument.Name}{(labels.Count == 0 ? "" : $"{{{string.Join(',', labels)}}}")}"] = value;
        }
    }
}
