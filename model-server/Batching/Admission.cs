using System.Globalization;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.DataPlane;

namespace Slipway.ModelServer.Batching;

/// <summary>
/// Refuses at once what could not be answered in time. A request is admitted when the estimated wait fits half of its deadline: the requests
/// inside × what one costs, over the calls that run at a time. A limit on requests, when set, comes first.
/// </summary>
internal sealed class Admission(ExecutionPlan plan, RunCosts costs, LiveState live)
{
    // Under overload the wait is always as long as it may be. What is not in the estimate, such as reading, writing and a busier processor,
    // must fit beside it, or the accepted are late, each after costing the model a run.
    private const double MostOfDeadline = 0.5;

    /// <summary>Decided before anything of the body is read, so that its rows are not known yet.</summary>
    /// <param name="inside">Requests that are admitted and not answered, this one among them.</param>
    /// <exception cref="ServingException"><c>ResourceExhausted</c>, with the time after which it may fit.</exception>
    public void Require(long inside, TimeSpan left)
    {
        var wait = EstimatedWait(inside - 1);
        var maxConcurrency = live.Current.MaxConcurrency;
        if (maxConcurrency > 0 && inside > maxConcurrency)
        {
            throw Refused($"{maxConcurrency} requests, the most that this server admits, are under way", wait);
        }

        if (wait > MostOfDeadline * left)
        {
            throw Refused(
                string.Create(CultureInfo.InvariantCulture, $"{inside - 1} requests are under way, an estimated wait of {wait.TotalSeconds:0.0} s, and the request might not be answered in time"), wait);
        }
    }

    /// <summary>Zero until a run has been measured.</summary>
    public TimeSpan EstimatedWait(long requests)
    {
        var seconds = requests * costs.SecondsPerCall / plan.Workers;
        return double.IsNaN(seconds) ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(1).TotalSeconds));
    }

    private static ServingException Refused(string why, TimeSpan wait) =>
        new(ErrorCode.ResourceExhausted, $"Too much to do: {why}; try again later or add replicas.") { RetryAfter = wait };
}
