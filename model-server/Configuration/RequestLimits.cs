namespace Slipway.ModelServer.Configuration;

/// <summary>What a client may ask of the server's memory and patience over HTTP, beside the size of a body.</summary>
internal sealed record RequestLimits
{
    /// <summary>The deepest that <see cref="JsonDepth"/> may be.</summary>
    public const int DeepestJson = 60;

    /// <summary>Elements over all inputs of a request; at least 1.</summary>
    public long Elements { get; init; } = 64 << 20;

    /// <summary>Length of an input's first axis, where the model leaves that open; 0 bounds it by <see cref="Elements"/> alone.</summary>
    public int Rows { get; init; }

    /// <summary>Entries of a request's <c>inputs</c> and of its <c>outputs</c>; at least 1.</summary>
    public int Tensors { get; init; } = 1024;

    /// <summary>Levels of arrays and objects inside a value; 1 to <see cref="DeepestJson"/>.</summary>
    public int JsonDepth { get; init; } = DeepestJson;

    /// <summary>Bytes of all header lines; at least 1 KiB.</summary>
    public int HeaderBytes { get; init; } = 16 << 10;

    /// <summary>Header lines; at least 1.</summary>
    public int Headers { get; init; } = 64;

    /// <summary>Open connections to the HTTP port, and as many to the gRPC port; at least 1.</summary>
    public int Connections { get; init; } = 16_384;

    /// <summary>Longest time that a request's headers may take to arrive; more than zero.</summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Slowest body that is waited for, once <see cref="BodyGrace"/> is over; 0 waits for any, up to the request's timeout.</summary>
    public int LeastBodyBytesPerSecond { get; init; } = 240;

    /// <summary>More than one second.</summary>
    public TimeSpan BodyGrace { get; init; } = TimeSpan.FromSeconds(5);
}
