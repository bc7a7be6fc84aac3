using Microsoft.Extensions.Logging;

namespace Slipway.Runtime;

/// <summary>Everything that the runtime logs. Informers 100-119, controllers 120-139, applier and status 140-159, events 160-179, leadership 180-199.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Warning, Message = "An object of {Resource}, {Key}, does not fit {Type} and is left out of the cache until it changes.")]
    public static partial void ObjectUnreadable(ILogger logger, string resource, ObjectKey key, string type, Exception exception);

    [LoggerMessage(EventId = 101, Level = LogLevel.Error, Message = "A subscriber of {Resource} threw at a change of {Key}; the other subscribers were told.")]
    public static partial void HandlerFailed(ILogger logger, string resource, ObjectKey key, Exception exception);

    [LoggerMessage(EventId = 102, Level = LogLevel.Debug, Message = "The watch of {Resource} ended at version {Version} and is opened again.")]
    public static partial void WatchEnded(ILogger logger, string resource, string version);

    [LoggerMessage(EventId = 103, Level = LogLevel.Information, Message = "The API server no longer has version {Version} of {Resource}: listing again.")]
    public static partial void VersionExpired(ILogger logger, string resource, string? version);

    [LoggerMessage(EventId = 104, Level = LogLevel.Information, Message = "{Resource} can be listed and watched again.")]
    public static partial void WatchRecovered(ILogger logger, string resource);

    [LoggerMessage(EventId = 105, Level = LogLevel.Warning, Message = "The API server does not know {Resource}; its cache is empty until it does (is the CRD installed?).")]
    public static partial void KindMissing(ILogger logger, string resource);

    [LoggerMessage(EventId = 106, Level = LogLevel.Warning, Message = "Listing or watching {Resource} is refused, and tried again: {Reason}")]
    public static partial void WatchRefused(ILogger logger, string resource, string reason);

    [LoggerMessage(EventId = 107, Level = LogLevel.Warning, Message = "Listing or watching {Resource} failed, and is tried again: {Reason}")]
    public static partial void WatchFailed(ILogger logger, string resource, string reason);

    [LoggerMessage(EventId = 108, Level = LogLevel.Warning, Message = "A page of {Resource} was too large: listing again by {PageSize}. Objects that weigh much cost the memory of everybody who watches them.")]
    public static partial void PageTooLarge(ILogger logger, string resource, int pageSize);

    [LoggerMessage(EventId = 110, Level = LogLevel.Warning, Message = "The API server does not tell which APIs it has, and is asked again: {Reason}")]
    public static partial void DiscoveryFailed(ILogger logger, string reason);

    [LoggerMessage(EventId = 111, Level = LogLevel.Information, Message = "Optional APIs came or went; there are now: {Apis}.")]
    public static partial void ApisChanged(ILogger logger, IEnumerable<string> apis);

    [LoggerMessage(EventId = 120, Level = LogLevel.Error, Message = "Reconciling {Key} failed; it is tried again with backoff (failure {Failures} in a row).")]
    public static partial void ReconcileFailed(ILogger logger, ObjectKey key, int failures, Exception exception);

    [LoggerMessage(EventId = 121, Level = LogLevel.Warning, Message = "Reconciling {Key} waits for its next change: {Reason}")]
    public static partial void ReconcileTerminal(ILogger logger, ObjectKey key, string reason);

    [LoggerMessage(EventId = 122, Level = LogLevel.Debug, Message = "Reconciling {Key} met a newer version, and is tried again: {Reason}")]
    public static partial void ReconcileConflict(ILogger logger, ObjectKey key, string reason);

    [LoggerMessage(EventId = 123, Level = LogLevel.Information, Message = "Controller {Controller} works with {Workers} workers.")]
    public static partial void ControllerStarted(ILogger logger, string controller, int workers);

    [LoggerMessage(EventId = 124, Level = LogLevel.Debug, Message = "Reconciled {Key} in {Seconds:0.000} s.")]
    public static partial void Reconciled(ILogger logger, ObjectKey key, double seconds);

    [LoggerMessage(EventId = 125, Level = LogLevel.Warning, Message = "Reconciles still ran {Timeout} after the stop and are cancelled.")]
    public static partial void ReconcilesCancelled(ILogger logger, TimeSpan timeout);

    [LoggerMessage(EventId = 126, Level = LogLevel.Debug, Message = "Reconciling {Key} ended before a write: {Reason}")]
    public static partial void ReconcileNotLeading(ILogger logger, ObjectKey key, string reason);

    [LoggerMessage(EventId = 140, Level = LogLevel.Information, Message = "Applied {Kind} {Child}: {Why}.")]
    public static partial void Applied(ILogger logger, string kind, ObjectKey child, string why);

    [LoggerMessage(EventId = 141, Level = LogLevel.Information, Message = "Deleted {Kind} {Child}: no longer wanted.")]
    public static partial void Pruned(ILogger logger, string kind, ObjectKey child);

    [LoggerMessage(EventId = 142, Level = LogLevel.Debug, Message = "{Kind} {Child} differs at {Path} only as the API server writes it; nothing to apply.")]
    public static partial void Equivalent(ILogger logger, string kind, ObjectKey child, string path);

    [LoggerMessage(EventId = 143, Level = LogLevel.Information, Message = "Handed {Field} of {Kind} {Child} over to {Manager}.")]
    public static partial void HandedOver(ILogger logger, string field, string kind, ObjectKey child, string manager);

    [LoggerMessage(EventId = 160, Level = LogLevel.Warning, Message = "The event {Reason} about {Key} was not recorded: {Problem}")]
    public static partial void EventLost(ILogger logger, string reason, ObjectKey key, string problem);

    [LoggerMessage(EventId = 180, Level = LogLevel.Information, Message = "Campaigning for lease {Lease} as {Identity}.")]
    public static partial void Campaigning(ILogger logger, ObjectKey lease, string identity);

    [LoggerMessage(EventId = 181, Level = LogLevel.Information, Message = "Lease {Lease} is held by {Holder}; standing by.")]
    public static partial void LeaseHeld(ILogger logger, ObjectKey lease, string holder);

    [LoggerMessage(EventId = 182, Level = LogLevel.Information, Message = "{Identity} took lease {Lease} and leads.")]
    public static partial void Leading(ILogger logger, string identity, ObjectKey lease);

    [LoggerMessage(EventId = 183, Level = LogLevel.Warning, Message = "Lease {Lease} cannot be taken or renewed, which is tried again: {Reason}")]
    public static partial void LeaseUnreachable(ILogger logger, ObjectKey lease, string reason);

    [LoggerMessage(EventId = 184, Level = LogLevel.Information, Message = "Lease {Lease} can be reached again.")]
    public static partial void LeaseReachable(ILogger logger, ObjectKey lease);

    [LoggerMessage(EventId = 185, Level = LogLevel.Critical, Message = "Lease {Lease} is lost: {Reason}. Nothing more is written, and the process ends.")]
    public static partial void LeaseLost(ILogger logger, ObjectKey lease, string reason);

    [LoggerMessage(EventId = 186, Level = LogLevel.Information, Message = "Lease {Lease} is released.")]
    public static partial void Released(ILogger logger, ObjectKey lease);

    [LoggerMessage(EventId = 187, Level = LogLevel.Warning, Message = "Lease {Lease} was not released; another process can take it after {Duration}: {Reason}")]
    public static partial void NotReleased(ILogger logger, ObjectKey lease, TimeSpan duration, string reason);
}
