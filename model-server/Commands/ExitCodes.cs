namespace Slipway.ModelServer.Commands;

/// <summary>What the process says when it ends.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>It cannot serve this version, or cannot listen.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration is wrong; trying again cannot help.</summary>
    public const int BadConfiguration = 2;

    /// <summary><c>drift</c>: a feature of the data has drifted.</summary>
    public const int Drifted = 3;

    /// <summary><c>drift</c>: of no feature can it be said whether it has.</summary>
    public const int Undecided = 4;

    /// <summary>Storage holds other bytes of the version than were served before.</summary>
    public const int DigestChanged = Api.ServerContract.DigestChangedExitCode;
}
