using System.Globalization;
using Slipway.ModelServer.Configuration;
using YamlDotNet.RepresentationModel;

namespace Slipway.ModelServer.ModelYaml;

/// <summary>
/// Takes the fields of one mapping, each by its name. Every finding names its path; a field that nobody took is one, since a misspelt name
/// would be obeyed silently.
/// </summary>
internal sealed class YamlFields
{
    public const int LongestText = 1024;

    private readonly Dictionary<string, YamlNode> _left = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];
    private readonly string _path;
    private readonly List<string> _errors;

    /// <param name="path">Of the mapping; empty at the top of the file.</param>
    public YamlFields(YamlNode node, string path, List<string> errors)
    {
        _path = path;
        _errors = errors;
        if (node is not YamlMappingNode mapping)
        {
            errors.Add($"{(path.Length > 0 ? path : ModelConfigFile.FileName)}: must be a mapping");
            return;
        }

        foreach (var (key, value) in mapping.Children)
        {
            _left[key is YamlScalarNode { Value: { } name } ? name : key.ToString()] = value;
        }
    }

    /// <summary>The path of a field, as messages name it.</summary>
    public string At(string name) => _path.Length > 0 ? $"{_path}.{name}" : name;

    public void Wrong(string name, string what) => _errors.Add($"{At(name)}: {what}");

    /// <returns>Null when it is absent or wrong.</returns>
    public YamlNode? Node(string name)
    {
        _known.Add(name);
        return _left.Remove(name, out var node) ? node : null;
    }

    /// <param name="required">Whether it must be there.</param>
    /// <param name="mayBeEmpty">Whether the empty text means something.</param>
    public string? Text(string name, bool required = false, bool mayBeEmpty = false)
    {
        var node = Node(name);
        if (node is null)
        {
            if (required)
            {
                Wrong(name, "is missing");
            }

            return null;
        }

        if (node is YamlScalarNode scalar && YamlScalars.KindOf(scalar) == YamlScalarKind.Text
            && scalar.Value!.Length <= LongestText && (mayBeEmpty || scalar.Value.Length > 0))
        {
            return scalar.Value;
        }

        Wrong(name, $"must be a text of {(mayBeEmpty ? 0 : 1)} to {LongestText} characters, got {YamlScalars.Show(node)}; quote what looks like a number");
        return null;
    }

    public int? Whole(string name, int least, int most)
    {
        var node = Node(name);
        if (node is null)
        {
            return null;
        }

        if (node is YamlScalarNode scalar && YamlScalars.KindOf(scalar) == YamlScalarKind.Whole
            && int.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return number;
        }

        Wrong(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}, got {YamlScalars.Show(node)}"));
        return null;
    }

    public bool? Flag(string name)
    {
        var node = Node(name);
        if (node is null)
        {
            return null;
        }

        if (node is YamlScalarNode scalar && YamlScalars.KindOf(scalar) == YamlScalarKind.Flag)
        {
            return scalar.Value == "true";
        }

        Wrong(name, $"must be true or false, got {YamlScalars.Show(node)}");
        return null;
    }

    public T? Choice<T>(string name, bool required = false) where T : struct, Enum
    {
        var text = Text(name, required);
        if (text is null)
        {
            return null;
        }

        foreach (var value in Enum.GetValues<T>())
        {
            if (value.ToString() == text)
            {
                return value;
            }
        }

        Wrong(name, $"must be one of {string.Join(", ", Enum.GetNames<T>())}, got '{text}'");
        return null;
    }

    public TimeSpan? Duration(string name, TimeSpan most)
    {
        var text = Text(name);
        if (text is null)
        {
            return null;
        }

        if (GoDuration.TryParse(text, out var duration) && duration <= most)
        {
            return duration;
        }

        Wrong(name, $"must be a duration of at most {most.TotalSeconds:0}s, such as 500us or 2ms, got '{text}'");
        return null;
    }

    /// <returns>Null when it is absent.</returns>
    public YamlFields? Fields(string name) => Node(name) is { } node ? new YamlFields(node, At(name), _errors) : null;

    /// <summary>Names, also such as look like numbers.</summary>
    public IReadOnlyList<string> Names(string name, int most) => Node(name) is { } node ? Names(node, name, most) : [];

    public IReadOnlyList<string> Names(YamlNode node, string name, int most)
    {
        if (node is not YamlSequenceNode list || list.Children.Count == 0 || list.Children.Count > most)
        {
            Wrong(name, string.Create(CultureInfo.InvariantCulture, $"must be a list of 1 to {most} names"));
            return [];
        }

        var names = new List<string>();
        for (var i = 0; i < list.Children.Count; i++)
        {
            if (list.Children[i] is YamlScalarNode { Value: { Length: > 0 and <= LongestText } value } scalar
                && YamlScalars.KindOf(scalar) is YamlScalarKind.Text or YamlScalarKind.Whole)
            {
                names.Add(value);
            }
            else
            {
                Wrong(string.Create(CultureInfo.InvariantCulture, $"{name}[{i}]"), $"must be a name of 1 to {LongestText} characters, got {YamlScalars.Show(list.Children[i])}");
            }
        }

        return names;
    }

    /// <summary>The entries of a mapping whose keys the user chooses.</summary>
    public IReadOnlyList<(string Name, YamlNode Value)> TakeAll()
    {
        var all = _left.Select(field => (field.Key, field.Value)).ToList();
        _left.Clear();
        return all;
    }

    /// <summary>Reports what nobody took.</summary>
    public void End()
    {
        foreach (var name in _left.Keys.Order(StringComparer.Ordinal))
        {
            Wrong(name, $"is not a known key; known here are {string.Join(", ", _known)}");
        }
    }
}
