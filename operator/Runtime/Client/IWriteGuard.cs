namespace Slipway.Runtime;

/// <summary>Asked before each request that is no read, so that a process whose turn is over changes nothing.</summary>
internal interface IWriteGuard
{
    /// <exception cref="NotLeaderException">This process may not write now.</exception>
    void Check(string request);
}
