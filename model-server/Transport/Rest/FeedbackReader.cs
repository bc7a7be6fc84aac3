using System.Globalization;
using Slipway.ModelServer.DataPlane;
using Slipway.ModelServer.Feedback;

namespace Slipway.ModelServer.Transport.Rest;

/// <summary>
/// Reads the body of a feedback request: an object, or a list of them. All faults of all items are told at once. Other than in requests for
/// inference a field that nobody knows is a fault: what is misspelt here would be missed only when a figure is wrong, weeks later.
/// </summary>
internal static class FeedbackReader
{
    public const int MostItems = 10_000;

    /// <summary>Of an id and of a class, in characters.</summary>
    public const int LongestName = 128;

    /// <summary>Magnitude of a number, so that no sum of squares becomes infinite.</summary>
    public const double MostMagnitude = 1e100;

    /// <summary>How far a clock of the sender may be ahead.</summary>
    public static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(5);

    /// <exception cref="ServingException">The body is no feedback.</exception>
    public static IReadOnlyList<FeedbackItem> Read(ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var cursor = new JsonCursor(body);
        var items = new List<FeedbackItem>();
        var faults = new FeedbackFaults();
        if (!cursor.TryTake((byte)'['))
        {
            ReadItem(ref cursor, new FeedbackDraft(0, now, faults), items);
        }
        else if (!cursor.TryTake((byte)']'))
        {
            var index = 0;
            do
            {
                if (index == MostItems)
                {
                    throw ServingException.Invalid(string.Create(
                        CultureInfo.InvariantCulture, $"Nothing of the feedback was counted: the list has more than {MostItems} entries, the most that this server takes; send them in several requests."));
                }

                ReadItem(ref cursor, new FeedbackDraft(index++, now, faults), items);
            }
            while (cursor.TakeCommaOr((byte)']'));
        }

        InferRequestReader.RequireEnd(ref cursor);
        faults.RequireNone();
        return items;
    }

    private static void ReadItem(ref JsonCursor cursor, FeedbackDraft draft, List<FeedbackItem> items)
    {
        if (!cursor.TryTake((byte)'{'))
        {
            cursor.SkipValue();
            draft.Fault("is no object");
            return;
        }

        if (!cursor.TryTake((byte)'}'))
        {
            do
            {
                ReadField(ref cursor, draft);
            }
            while (cursor.TakeCommaOr((byte)'}'));
        }

        if (draft.Finish() is { } item)
        {
            items.Add(item);
        }
    }

    private static void ReadField(ref JsonCursor cursor, FeedbackDraft draft)
    {
        var name = InferRequestReader.TakeName(ref cursor);
        if (FeedbackDraft.FieldOf(name) is not { } field)
        {
            draft.Fault($"has a field {Quote.Of(name)}; there are {FeedbackDraft.Fields}");
            cursor.SkipValue();
            return;
        }

        if (cursor.TryTakeWord("null"u8))
        {
            draft.Begin(field, isNull: true);
        }
        else if (!draft.Begin(field, isNull: false))
        {
            cursor.SkipValue();
        }
        else
        {
            switch (cursor.Peek())
            {
                case (byte)'"':
                    draft.Text(field, cursor.TakeString("to begin a string"));
                    break;
                case (byte)'t' when cursor.TryTakeWord("true"u8):
                    draft.Bool(field, true);
                    break;
                case (byte)'f' when cursor.TryTakeWord("false"u8):
                    draft.Bool(field, false);
                    break;
                case (byte)'-' or (>= (byte)'0' and <= (byte)'9') when NumberScanner.ScanDouble(cursor.Rest, out var number) is > 0 and var length:
                    cursor.Advance(length);
                    draft.Number(field, number);
                    break;
                default:
                    cursor.SkipValue();
                    draft.Wrong(field);
                    break;
            }
        }
    }
}
