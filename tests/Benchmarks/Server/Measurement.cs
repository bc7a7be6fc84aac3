namespace Slipway.Benchmarks.Server;

/// <summary>One measured run of one side.</summary>
/// <param name="CpuPerUnit">Seconds of the server's processor time for a request, or for a row where rows are compared.</param>
/// <param name="UnitsPerSecond">Of wall time.</param>
internal readonly record struct Measurement(double CpuPerUnit, double UnitsPerSecond);
