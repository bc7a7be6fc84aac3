using System.Globalization;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Inference.Outputs;
using Slipway.ModelServer.ModelYaml;

namespace Slipway.ModelServer.Text;

/// <summary>Finds in a graph the inputs that tokens go to, and puts a text in their place.</summary>
internal sealed class TextPipeline(TokenizerConfig config, string folder, List<string> errors)
{
    private const int UsualLength = 512;

    private IReadOnlyList<TensorSpec> _graph = [];

    /// <returns>Of no use when <c>errors</c> grew.</returns>
    public Pipeline Build(Signature signature, IReadOnlyList<ServedOutput> outputs)
    {
        _graph = signature.Inputs;
        var before = errors.Count;
        var tokenizer = TokenizerFactory.Create(config, folder, errors);
        var ids = Find("inputIds", config.InputIds, "input_ids", required: true);
        var mask = Find("attentionMask", config.AttentionMask, "attention_mask");
        var types = Find("tokenTypeIds", config.TokenTypeIds, "token_type_ids");
        var rest = _graph.Where((_, i) => i != ids && i != mask && i != types).ToList();
        if (rest.Exists(spec => spec.Name == config.Input))
        {
            errors.Add($"tokenizer.input: the model has an input '{config.Input}' already; choose another name");
        }

        if (errors.Count > before || tokenizer is null || ids is null || Limits(_graph[ids.Value], tokenizer) is not { } limits)
        {
            return new Pipeline(signature.Inputs, outputs, Text: null);
        }

        var text = new TensorSpec(config.Input, Datatype.Bytes, [_graph[ids.Value].Shape[0]], _graph[ids.Value].FirstAxis);
        return new Pipeline([text, .. rest], outputs, new TextEncoder(tokenizer, limits, new TokenTensors(Text: 0, ids.Value, mask, types)));
    }

    private int? Find(string key, string? given, string usual, bool required = false)
    {
        var name = given ?? usual;
        for (var i = 0; i < _graph.Count; i++)
        {
            if (_graph[i].Name == name)
            {
                return Require(key, _graph[i]) ? i : null;
            }
        }

        if (required || given is not null)
        {
            errors.Add($"tokenizer.tensors.{key}: the model has no input '{name}'; its inputs are {string.Join(", ", _graph.Take(8).Select(spec => spec.ToString()))}");
        }

        return null;
    }

    private bool Require(string key, TensorSpec spec)
    {
        if (spec.Datatype is Datatype.Int64 or Datatype.Int32 && spec.Shape.Count == 2)
        {
            return true;
        }

        errors.Add($"tokenizer.tensors.{key}: {spec} must be INT64 or INT32 of two axes, texts and tokens");
        return false;
    }

    private TextLimits? Limits(TensorSpec ids, TextTokenizer tokenizer)
    {
        var fixedLength = ids.Shape[1] > 0 ? checked((int)ids.Shape[1]) : 0;
        var most = config.MaxLength ?? (fixedLength > 0 ? fixedLength : UsualLength);
        if (most <= tokenizer.Marks || (fixedLength > 0 && most > fixedLength))
        {
            errors.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"tokenizer.maxLength: must be more than the {tokenizer.Marks} marks around a text{(fixedLength > 0 ? $" and at most the {fixedLength} tokens that {ids} takes" : "")}, got {most}"));
            return null;
        }

        return new TextLimits(most, config.Truncate, fixedLength, config.PadToMultipleOf);
    }
}
