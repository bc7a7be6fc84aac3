using Microsoft.Extensions.Logging;

namespace Slipway.Runtime;

/// <summary>Says once whom this candidate waits for, and when its requests start to fail, fail differently, or work again.</summary>
internal sealed class LeaseHealth(ObjectKey lease, ILogger logger)
{
    private const string Fine = "";

    private string _trouble = Fine;
    private string _holder = "";

    public void HeldBy(string holder, string self)
    {
        Good();
        if (holder != _holder && holder != self)
        {
            Log.LeaseHeld(logger, lease, holder);
        }

        _holder = holder;
    }

    public void Good()
    {
        if (Enter(Fine))
        {
            Log.LeaseReachable(logger, lease);
        }
    }

    public void Bad(Exception exception)
    {
        // That two candidates write at once, and one is refused, is how the election works.
        if (exception is ApiException { Status: System.Net.HttpStatusCode.Conflict })
        {
            return;
        }

        if (Enter(exception is ApiException refused ? $"{(int)refused.Status}" : exception.GetType().Name))
        {
            Log.LeaseUnreachable(logger, lease, exception.Message);
        }
    }

    private bool Enter(string trouble)
    {
        var changed = _trouble != trouble;
        _trouble = trouble;
        return changed;
    }
}
