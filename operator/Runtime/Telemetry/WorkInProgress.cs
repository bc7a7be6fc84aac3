namespace Slipway.Runtime;

/// <summary>How long the keys that are worked on have been so: all of them together, and the one that was taken first.</summary>
internal readonly record struct WorkInProgress(TimeSpan Sum, TimeSpan Longest);
