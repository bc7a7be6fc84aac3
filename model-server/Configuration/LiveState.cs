namespace Slipway.ModelServer.Configuration;

/// <summary>The live settings in force. Every request reads them, without a lock; <see cref="LiveFile"/> alone replaces them.</summary>
internal sealed class LiveState(LiveSettings start)
{
    private volatile LiveSettings _current = start;
    private volatile string _trouble = "";

    public LiveSettings Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>Why what the file says now is not in force; empty when it is.</summary>
    public string Trouble
    {
        get => _trouble;
        set => _trouble = value;
    }
}
