namespace Slipway.ModelServer.Transport.Rest;

/// <summary>How the elements of an output are answered.</summary>
internal enum TensorForm : byte
{
    /// <summary>Nothing was asked for, which gives <see cref="Json"/> in the end.</summary>
    Unsaid,
    Json,

    /// <summary>JSON strings of base64; for BYTES.</summary>
    Base64,

    /// <summary>Behind the JSON, as the binary extension says.</summary>
    Binary,
}

/// <summary>What a request says of its answer.</summary>
internal struct AnswerForm
{
    /// <summary>Where the request's id stands in its body, with its quotes; empty when it has none.</summary>
    public Range Id { get; set; }

    /// <summary>Zero when the request sets none of its own.</summary>
    public TimeSpan Timeout { get; set; }

    /// <summary>For outputs that say nothing themselves.</summary>
    public TensorForm Default { get; set; }

    /// <summary>One for each output that is wanted, in their order; null when none said anything.</summary>
    public TensorForm[]? Outputs { get; set; }

    /// <summary>The form of V1, which the answer follows; null for a request of the current protocol.</summary>
    public PredictForm? Predict { get; set; }

    /// <summary>Entries of V1's <c>instances</c>.</summary>
    public long Rows { get; set; }

    public readonly TensorForm Of(int output)
    {
        var said = Outputs is null ? TensorForm.Unsaid : Outputs[output];
        said = said == TensorForm.Unsaid ? Default : said;
        return said == TensorForm.Unsaid ? TensorForm.Json : said;
    }
}

/// <summary>The two forms of V1's requests and answers.</summary>
internal enum PredictForm
{
    /// <summary><c>instances</c>, answered by <c>predictions</c>: one entry for each row.</summary>
    Rows,

    /// <summary><c>inputs</c>, answered by <c>outputs</c>: one entry for each tensor.</summary>
    Columns,
}
