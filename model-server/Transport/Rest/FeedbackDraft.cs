using System.Globalization;
using System.Text;
using Slipway.ModelServer.Feedback;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>One item of feedback while it is read.</summary>
/// <param name="index">Of the item in its body.</param>
/// <param name="now">No prediction is later.</param>
internal sealed class FeedbackDraft(int index, DateTimeOffset now, FeedbackFaults faults)
{
    public const string Fields = "'id', 'predicted', 'actual', 'reward' and 'predictedAt'";

    private readonly int _faultsBefore = faults.Count;
    private readonly string?[] _classes = new string?[2];
    private readonly double?[] _numbers = new double?[2];
    private string _id = "";
    private double? _reward;
    private Field _seen;

    [Flags]
    internal enum Field
    {
        None = 0,
        Predicted = 1,
        Actual = 2,
        Reward = 4,
        Id = 8,
        PredictedAt = 16,
    }

    public static Field? FieldOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("predicted"u8) ? Field.Predicted
        : name.SequenceEqual("actual"u8) ? Field.Actual
        : name.SequenceEqual("reward"u8) ? Field.Reward
        : name.SequenceEqual("id"u8) ? Field.Id
        : name.SequenceEqual("predictedAt"u8) ? Field.PredictedAt
        : null;

    public void Fault(string fault) => faults.Add(index, fault);

    /// <param name="isNull">As good as if the field were not there.</param>
    /// <returns>False when it was there before.</returns>
    public bool Begin(Field field, bool isNull)
    {
        if ((_seen & field) != 0)
        {
            Fault($"has {Name(field)} twice");
            return false;
        }

        _seen |= isNull ? Field.None : field;
        return true;
    }

    public void Text(Field field, ReadOnlySpan<byte> utf8)
    {
        if (field == Field.Reward)
        {
            Wrong(field);
            return;
        }

        // A character takes at most four bytes; no more is put into a string than may be one.
        var text = utf8.Length <= 4 * FeedbackReader.LongestName ? Encoding.UTF8.GetString(utf8) : null;
        if (field == Field.PredictedAt)
        {
            CheckTime(text);
        }
        else if (text is not { Length: > 0 and <= FeedbackReader.LongestName } || text.Any(char.IsControl))
        {
            Fault(string.Create(
                CultureInfo.InvariantCulture, $"has {Name(field)} that is not of 1 to {FeedbackReader.LongestName} characters, none of them a control character"));
        }
        else if (field == Field.Id)
        {
            _id = text;
        }
        else
        {
            _classes[Side(field)] = text;
        }
    }

    public void Bool(Field field, bool value)
    {
        if (field is Field.Predicted or Field.Actual)
        {
            _classes[Side(field)] = value ? "true" : "false";
        }
        else
        {
            Wrong(field);
        }
    }

    public void Number(Field field, double value)
    {
        if (field is Field.Id or Field.PredictedAt)
        {
            Wrong(field);
        }
        else if (Math.Abs(value) > FeedbackReader.MostMagnitude)
        {
            Fault($"has {Name(field)} of a magnitude over 1e100");
        }
        else if (field != Field.Reward)
        {
            _numbers[Side(field)] = value;
        }
        else if (value < 0)
        {
            // It feeds a counter, and what falls looks like a restart to Prometheus.
            Fault("has a 'reward' below 0; sums of rewards only rise, so add what the least reward lacks to all of them");
        }
        else
        {
            _reward = value;
        }
    }

    /// <summary>The field's value is of a kind that it does not take.</summary>
    public void Wrong(Field field) => Fault(field switch
    {
        Field.Predicted or Field.Actual => $"has {Name(field)} that is no string, bool or number",
        Field.Reward => $"has {Name(field)} that is no number",
        _ => $"has {Name(field)} that is no string",
    });

    /// <returns>Null when there is a fault.</returns>
    public FeedbackItem? Finish()
    {
        const Field Both = Field.Predicted | Field.Actual;
        var pair = _seen & Both;
        if (pair != 0 && (_seen & Field.Reward) != 0)
        {
            Fault("has a 'reward' beside a prediction; send either");
        }
        else if (pair == 0 && (_seen & Field.Reward) == 0)
        {
            Fault("has neither 'predicted' and 'actual' nor 'reward'");
        }
        else if (pair is Field.Predicted or Field.Actual)
        {
            Fault($"lacks {Name(Both & ~pair)}");
        }

        if (faults.Count > _faultsBefore)
        {
            return null;
        }

        return this switch
        {
            { _reward: { } reward } => FeedbackItem.Reward(_id, reward),
            { _numbers: [{ } predicted, { } actual] } => FeedbackItem.Value(_id, predicted, actual),
            { _classes: [{ } predicted, { } actual] } => FeedbackItem.Class(_id, predicted, actual),
            _ => Mixed(),
        };
    }

    private FeedbackItem? Mixed()
    {
        Fault("has a number beside a class; two numbers are values, two strings or bools are classes");
        return null;
    }

    private void CheckTime(string? text)
    {
        if ((text is null ? null : Rfc3339.Parse(text)) is not { } time)
        {
            Fault("has a 'predictedAt' that is no time as RFC 3339 has it, such as 2026-01-02T15:04:05Z");
        }
        else if (time > now + FeedbackReader.MostSkew)
        {
            Fault("has a 'predictedAt' in the future");
        }
    }

    private static int Side(Field field) => field == Field.Predicted ? 0 : 1;

    private static string Name(Field field) => field switch
    {
        Field.Predicted => "'predicted'",
        Field.Actual => "'actual'",
        Field.Reward => "'reward'",
        Field.Id => "'id'",
        Field.PredictedAt => "'predictedAt'",
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "is not one field"),
    };
}
