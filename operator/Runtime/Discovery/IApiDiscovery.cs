namespace Slipway.Runtime;

/// <summary>Which optional APIs the API server has now. It is asked again and again, for a Role cannot list CustomResourceDefinitions.</summary>
public interface IApiDiscovery
{
    /// <summary>
    /// Whether the API server had <paramref name="api"/> when it was last asked, or the time before; true until it could be asked. One of the words of
    /// <see cref="ControllerBuilder{TEntity}.Discovers"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">No controller discovers this API.</exception>
    bool Serves(string api);
}
