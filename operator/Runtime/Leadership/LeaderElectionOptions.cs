using System.ComponentModel.DataAnnotations;

namespace Slipway.Runtime;

/// <summary>
/// Settings of one candidate. Checked when the host starts. All candidates of one lease are to have the same times: each waits for as long as
/// the holder announced, and the holder stops writing after its own <see cref="RenewDeadline"/>.
/// </summary>
public sealed class LeaderElectionOptions : IValidatableObject
{
    /// <summary>Name of the Lease that the replicas of one operator share, and the label of its metric. At most 253 characters.</summary>
    [Required, StringLength(253, MinimumLength = 1)]
    public string LeaseName { get; set; } = "";

    /// <summary>Namespace of the Lease, as a rule the operator's own. At most 63 characters.</summary>
    [Required, StringLength(63, MinimumLength = 1)]
    public string LeaseNamespace { get; set; } = "";

    /// <summary>Names this run of this process and no other; by default the host's name and a random suffix.</summary>
    [Required, StringLength(253, MinimumLength = 1)]
    public string Identity { get; set; } = $"{Environment.MachineName}_{Guid.NewGuid():D}";

    /// <summary>Others wait for this time after the last renewal that they saw, by their own clocks; 15 seconds by default. Counted in whole seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "01:00:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The leader writes for this time after it sent the last renewal that succeeded, and then gives up; 10 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RenewDeadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The time between two attempts to take or renew the lease, lengthened at random; 2 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan RetryPeriod { get; set; } = TimeSpan.FromSeconds(2);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LeaseDuration.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            yield return new($"LeaseDuration ({LeaseDuration}) must be whole seconds: a Lease holds no finer ones.", [nameof(LeaseDuration)]);
        }

        if (LeaseDuration <= RenewDeadline)
        {
            yield return new($"LeaseDuration ({LeaseDuration}) must be longer than RenewDeadline ({RenewDeadline}): the leader is to stop before another one starts.", [nameof(LeaseDuration)]);
        }

        if (RenewDeadline < 2 * RetryPeriod)
        {
            yield return new($"RenewDeadline ({RenewDeadline}) must be at least twice RetryPeriod ({RetryPeriod}): one renewal may fail.", [nameof(RenewDeadline)]);
        }
    }
}
