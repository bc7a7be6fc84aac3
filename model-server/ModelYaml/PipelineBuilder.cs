using System.Globalization;
using System.Text;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Inference.Outputs;
using Slipway.ModelServer.Text;

namespace Slipway.ModelServer.ModelYaml;

/// <summary>Puts what <c>model.yaml</c> asks for around a graph: text in front of it, labels and column names behind it.</summary>
internal sealed class PipelineBuilder(ModelConfig config, string folder)
{
    private const long MostLabelBytes = 16 << 20;

    private readonly List<string> _errors = [];

    /// <exception cref="ModelRejectedException">The graph or the folder has not what the file names.</exception>
    public Pipeline Build(Signature signature)
    {
        var labels = config.Labels is { } asked ? LabelNames(asked) : [];
        var outputs = Columns(signature.Outputs);
        if (config.Labels is { } wanted && labels.Count > 0)
        {
            outputs = Labelled(outputs, wanted, labels);
        }

        var pipeline = config.Tokenizer is { } tokenizer
            ? new TextPipeline(tokenizer, folder, _errors).Build(signature, outputs)
            : new Pipeline(signature.Inputs, outputs, Text: null);
        return _errors.Count > 0 ? throw ModelConfigFile.Rejected(_errors) : pipeline;
    }

    private IReadOnlyList<ServedOutput> Columns(IReadOnlyList<ServedOutput> outputs)
    {
        foreach (var (name, columns) in config.Columns)
        {
            var index = IndexOf(outputs, name);
            if (index < 0)
            {
                _errors.Add($"columns.{name}: the model has no output '{name}'; its outputs are {Known(outputs)}");
            }
            else if (RequireLast(outputs[index].Spec, columns.Count, $"columns.{name}"))
            {
                outputs = [.. outputs.Select((output, i) => i == index ? output with { Spec = output.Spec.WithColumns(columns) } : output)];
            }
        }

        return outputs;
    }

    private IReadOnlyList<ServedOutput> Labelled(IReadOnlyList<ServedOutput> outputs, LabelsConfig asked, IReadOnlyList<string> names)
    {
        if (IndexOf(outputs, asked.As) >= 0)
        {
            _errors.Add($"labels.as: the model has an output '{asked.As}' already; choose another name");
        }

        var index = Source(outputs, asked);
        if (index < 0 || !RequireLast(outputs[index].Spec, names.Count, "labels.names"))
        {
            return outputs;
        }

        var source = outputs[index].Spec.Columns.Count > 0 ? outputs[index] : outputs[index] with { Spec = outputs[index].Spec.WithColumns(names) };
        var label = new ServedOutput(
            new TensorSpec(asked.As, Datatype.Bytes, [.. source.Spec.Shape.SkipLast(1)], source.Spec.FirstAxis),
            source.GraphName,
            new LabelOfLargest(source.Spec, source.Maker, names));
        return [.. outputs.Select((output, i) => i == index ? source : output), label];
    }

    private int Source(IReadOnlyList<ServedOutput> outputs, LabelsConfig asked)
    {
        var index = IndexOf(outputs, asked.Output);
        if (asked.Output.Length == 0)
        {
            var fractions = Enumerable.Range(0, outputs.Count).Where(i => LabelOfLargest.CanCompare(outputs[i].Spec.Datatype)).ToList();
            if (fractions.Count == 1)
            {
                return fractions[0];
            }

            _errors.Add($"labels.output: must say which of the outputs {Known(outputs)} is meant");
        }
        else if (index < 0)
        {
            _errors.Add($"labels.output: the model has no output '{asked.Output}'; its outputs are {Known(outputs)}");
        }
        else if (!LabelOfLargest.CanCompare(outputs[index].Spec.Datatype))
        {
            _errors.Add($"labels.output: {outputs[index].Spec} must hold FP32, FP64 or FP16, of which the largest is named");
            index = -1;
        }

        return index;
    }

    private bool RequireLast(TensorSpec spec, int count, string where)
    {
        // A shape that the model leaves open is seen at run time.
        if (spec.Shape.Count == 0 || spec.Shape[^1] < 0 || spec.Shape[^1] == count)
        {
            return true;
        }

        _errors.Add(string.Create(CultureInfo.InvariantCulture, $"{where}: has {count} names for the last axis of {spec}"));
        return false;
    }

    private IReadOnlyList<string> LabelNames(LabelsConfig asked)
    {
        if (asked.File.Length == 0)
        {
            return asked.Names;
        }

        var file = new FileInfo(Path.Combine(folder, asked.File));
        if (!file.Exists || file.Length > MostLabelBytes)
        {
            _errors.Add(file.Exists
                ? $"labels.file: '{asked.File}' is {file.Length} bytes long; at most {MostLabelBytes} are read"
                : $"labels.file: there is no file '{asked.File}' in the version's folder");
            return [];
        }

        var names = File.ReadAllLines(file.FullName, Encoding.UTF8);
        if (names.Length is 0 or > ModelConfigReader.MostLabels || names.Any(name => name.Length == 0))
        {
            _errors.Add($"labels.file: '{asked.File}' must hold 1 to {ModelConfigReader.MostLabels} names, one a line and none of them empty");
            return [];
        }

        return names;
    }

    private static int IndexOf(IReadOnlyList<ServedOutput> outputs, string name)
    {
        for (var i = 0; i < outputs.Count; i++)
        {
            if (outputs[i].Spec.Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    private static string Known(IReadOnlyList<ServedOutput> outputs) =>
        string.Join(", ", outputs.Take(8).Select(output => output.Spec.ToString())) + (outputs.Count > 8 ? " and more" : "");
}
