using System.Globalization;
using System.Text;

namespace Slipway.DevCluster.ApiServer.CustomResources;

/// <summary>Where a walk over an object stands. One instance per walk: text is made only when there is an error to report.</summary>
internal sealed class FieldPath(string prefix = "")
{
    /// <summary>What the API server prints for "no field".</summary>
    public const string None = "<nil>";

    private readonly List<(string? Name, int Index, bool Key)> _steps = [];

    public bool IsRoot => _steps.Count == 0;

    public void Enter(string property) => _steps.Add((property, 0, false));

    public void EnterKey(string key) => _steps.Add((key, 0, true));

    public void Enter(int index) => _steps.Add((null, index, false));

    public void Leave() => _steps.RemoveAt(_steps.Count - 1);

    /// <summary>The path below the prefix, with map keys as properties: how the schema validator names a place in its sentences.</summary>
    public string Sentence => Render("", keysInBrackets: false);

    /// <summary>The whole path as it stands in a cause's <c>field</c>.</summary>
    public override string ToString() => Render(prefix, keysInBrackets: true) is { Length: > 0 } path ? path : None;

    /// <summary>The whole path with map keys as properties: how the schema validator writes a cause's <c>field</c>.</summary>
    public string Dotted => Render(prefix, keysInBrackets: false) is { Length: > 0 } path ? path : None;

    private string Render(string start, bool keysInBrackets)
    {
        var text = new StringBuilder(start);
        foreach (var (name, index, key) in _steps)
        {
            _ = (name, key && keysInBrackets) switch
            {
                (null, _) => text.Append(CultureInfo.InvariantCulture, $"[{index}]"),
                (_, true) => text.Append('[').Append(name).Append(']'),
                _ => (text.Length > 0 ? text.Append('.') : text).Append(name),
            };
        }
        return text.ToString();
    }
}
