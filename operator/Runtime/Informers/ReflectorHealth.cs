using Microsoft.Extensions.Logging;

namespace Slipway.Runtime;

/// <summary>Says once when listing and watching of a kind starts to fail, fails differently, or works again.</summary>
internal sealed class ReflectorHealth(ResourceKind kind, bool optional, ILogger logger)
{
    private const string Fine = "";

    private string _state = Fine;

    public void Good()
    {
        if (Enter(Fine))
        {
            Log.WatchRecovered(logger, kind.Resource);
        }
    }

    public void Missing()
    {
        if (Enter("missing") && !optional)
        {
            Log.KindMissing(logger, kind.Resource);
        }
    }

    public void Bad(Exception exception)
    {
        var state = exception is ApiException refused ? $"{(int)refused.Status}" : exception.GetType().Name;
        if (!Enter(state))
        {
            return;
        }

        if (exception is ApiException)
        {
            Log.WatchRefused(logger, kind.Resource, exception.Message);
        }
        else
        {
            Log.WatchFailed(logger, kind.Resource, exception.Message);
        }
    }

    private bool Enter(string state)
    {
        var changed = _state != state;
        _state = state;
        return changed;
    }
}
