namespace Slipway.Runtime;

/// <summary>One object among all kinds. <paramref name="Resource"/> is as kubectl names it.</summary>
internal readonly record struct ObjectId(string Resource, ObjectKey Key);
