namespace Slipway.Runtime;

/// <summary>One event on its way, however many attempts that takes.</summary>
/// <param name="key">Of the Event, if one has to be made.</param>
internal sealed class EventDelivery(RecordedEvent recorded, DateTimeOffset at, ObjectKey key)
{
    public RecordedEvent Event => recorded;

    public DateTimeOffset At => at;

    public ObjectKey Key => key;

    /// <summary>An attempt got no answer, or one that leaves open whether it was carried out.</summary>
    public bool MayHaveArrived { get; set; }
}
