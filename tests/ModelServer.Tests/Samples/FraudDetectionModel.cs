using Microsoft.ML.OnnxRuntime;

namespace Slipway.ModelServer.Tests.Samples;

/// <summary>One version of the sample's model, run by ONNX Runtime itself.</summary>
internal sealed class FraudDetectionModel(string version) : IDisposable
{
    private readonly InferenceSession _session = new(Path.Combine(FraudDetectionSample.VersionFolder(version), "model.onnx"));

    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>The label and the probability of fraud of each row.</summary>
    public (long[] Labels, float[] Scores) Predict(float[][] rows)
    {
        using var features = OrtValue.CreateTensorValueFromMemory(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length]);
        using var options = new RunOptions();
        using var outputs = _session.Run(options, ["features"], [features], ["label", "probabilities"]);
        outputs[0].GetTensorTypeAndShape().Shape.Should().Equal(rows.Length);
        outputs[1].GetTensorTypeAndShape().Shape.Should().Equal(rows.Length, 2);
        var probabilities = outputs[1].GetTensorDataAsSpan<float>();
        var scores = new float[rows.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            (probabilities[2 * row] + probabilities[(2 * row) + 1]).Should().BeApproximately(1, 1e-6f);
            scores[row] = probabilities[(2 * row) + 1];
        }

        return (outputs[0].GetTensorDataAsSpan<long>().ToArray(), scores);
    }

    public void Dispose() => _session.Dispose();
}
