namespace Slipway.Runtime;

/// <summary>What an apply came to.</summary>
/// <param name="Problems">Children that could not be put in place, in the order of the desired list; empty when all are.</param>
/// <param name="Written">Children that were created or changed.</param>
/// <param name="Pruned">Children that were deleted.</param>
public sealed record ApplyResult(IReadOnlyList<ApplyProblem> Problems, int Written, int Pruned)
{
    /// <summary>When a contested field may be put back again; null when no field is contested. Pass it to <see cref="Result.After"/>.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>One child that could not be put in place.</summary>
/// <param name="ChildKind">The kind as manifests write it: <c>Deployment</c>.</param>
/// <param name="Message">A sentence for the user: which child, what is wrong, what to do.</param>
public sealed record ApplyProblem(ApplyProblemKind Kind, string ChildKind, ObjectKey Child, string Message);

public enum ApplyProblemKind
{
    /// <summary>An object of the child's name exists, and this owner does not control it. The user has to move one of them.</summary>
    NameTaken,

    /// <summary>Another writer keeps changing a field that the owner sets. The user has to stop one of them.</summary>
    FieldContested,

    /// <summary>The API server refuses the child as invalid. The user has to mend the owner.</summary>
    Invalid,

    /// <summary>The API server refuses the child for a quota, a policy or a missing permission. Retrying later may help.</summary>
    Forbidden,

    /// <summary>The API server does not know the child's kind, or not any more. Retrying later may help.</summary>
    KindMissing,
}
