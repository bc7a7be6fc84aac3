using System.Globalization;
using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Configuration;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Repository;
using YamlDotNet.RepresentationModel;

namespace Slipway.ModelServer.ModelYaml;

/// <summary>Takes the fields of <c>model.yaml</c>. Whether files and outputs that it names are there is seen when the model is put together.</summary>
internal static class ModelConfigReader
{
    public const int MostLabels = 100_000;
    public const int MostTokens = 1 << 20;
    public const int MostWarmUps = 100;

    public static ModelConfig Read(YamlNode root, List<string> errors)
    {
        var fields = new YamlFields(root, "", errors);
        var config = new ModelConfig
        {
            Name = fields.Text("name") ?? "",
            Labels = fields.Fields("labels") is { } labels ? ReadLabels(labels) : null,
            Columns = ReadColumns(fields),
            Tokenizer = fields.Fields("tokenizer") is { } tokenizer ? TokenizerReader.Read(tokenizer) : null,
            WarmUp = ReadWarmUp(fields, errors),
            Batching = fields.Fields("batching") is { } batching ? ReadBatching(batching) : new BatchingConfig(),
            Runtime = fields.Fields("runtime") is { } runtime ? ReadRuntime(runtime) : new RuntimeConfig(),
        };
        fields.End();
        return config;
    }

    /// <summary>Takes the path of a file that is uploaded with the model.</summary>
    public static string? Path(YamlFields fields, string name, bool required = false)
    {
        var path = fields.Text(name, required);
        if (path is not null && !RelativePath.IsInside(path))
        {
            fields.Wrong(name, $"must be a path inside the version's folder, with '/' and without '..', got '{path}'");
            return null;
        }

        return path;
    }

    private static LabelsConfig ReadLabels(YamlFields fields)
    {
        var names = fields.Node("names");
        var labels = new LabelsConfig
        {
            Output = fields.Text("output") ?? "",
            Names = names is null ? [] : fields.Names(names, "names", MostLabels),
            File = Path(fields, "file") ?? "",
            As = fields.Text("as") ?? "label",
        };
        if (names is null == (labels.File.Length == 0))
        {
            fields.Wrong("names", "either this or file must be there");
        }

        fields.End();
        return labels;
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadColumns(YamlFields fields)
    {
        var columns = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (fields.Fields("columns") is { } outputs)
        {
            foreach (var (output, names) in outputs.TakeAll())
            {
                columns[output] = outputs.Names(names, output, MostLabels);
            }
        }

        return columns;
    }

    private static List<WarmUpConfig> ReadWarmUp(YamlFields fields, List<string> errors)
    {
        var requests = new List<WarmUpConfig>();
        switch (fields.Node("warmup"))
        {
            case null:
                break;
            case YamlSequenceNode list when list.Children.Count is > 0 and <= MostWarmUps:
                foreach (var (node, i) in list.Children.Select((node, i) => (node, i)))
                {
                    Add(requests, new YamlFields(node, string.Create(CultureInfo.InvariantCulture, $"warmup[{i}]"), errors));
                }

                break;
            default:
                fields.Wrong("warmup", $"must be a list of 1 to {MostWarmUps} requests");
                break;
        }

        return requests;
    }

    private static void Add(List<WarmUpConfig> requests, YamlFields fields)
    {
        var request = fields.Node("request");
        var file = Path(fields, "file");
        if (request is null == file is null)
        {
            fields.Wrong("request", "either this or file must be there");
        }
        else if (request is not (null or YamlMappingNode))
        {
            fields.Wrong("request", "must be a mapping: the body of an infer request");
        }
        else
        {
            requests.Add(new WarmUpConfig(fields.At(request is null ? "file" : "request"), request is null ? [] : YamlJson.Write(request), file ?? ""));
        }

        fields.End();
    }

    private static BatchingConfig ReadBatching(YamlFields fields)
    {
        var batching = new BatchingConfig
        {
            Mode = fields.Choice<BatchingMode>("mode"),
            MaxBatchSize = fields.Whole("maxBatchSize", 1, BatchingSettings.MostRows),
            MaxDelay = fields.Duration("maxDelay", LiveSettings.LongestDelay),
        };
        fields.End();
        return batching;
    }

    private static RuntimeConfig ReadRuntime(YamlFields fields)
    {
        var runtime = new RuntimeConfig
        {
            IntraOpThreads = fields.Whole("intraOpThreads", 1, SessionSettings.MostThreads),
            InterOpThreads = fields.Whole("interOpThreads", 1, SessionSettings.MostThreads),
            Optimization = fields.Choice<GraphOptimization>("optimization"),
            Execution = fields.Choice<OperatorOrder>("execution"),
            MemoryArena = fields.Flag("memoryArena"),
            MemoryPattern = fields.Flag("memoryPattern"),
            Instances = fields.Whole("instances", 0, SessionSettings.MostThreads),
        };
        fields.End();
        return runtime;
    }
}
