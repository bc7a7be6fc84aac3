namespace Slipway.ModelServer.Commands;

/// <summary>What the process says when it ends.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>It cannot serve this version, or cannot listen.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration is wrong; trying again cannot help.</summary>
    public const int BadConfiguration = 2;

    /// <summary>Storage holds other bytes of the version than were served before.</summary>
    public const int DigestChanged = Api.ServerContract.DigestChangedExitCode;
}
