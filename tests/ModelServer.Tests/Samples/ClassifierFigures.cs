namespace Slipway.ModelServer.Tests.Samples;

/// <summary>How well scores tell label 1 from label 0. All figures lie in 0 to 1.</summary>
internal sealed record ClassifierFigures(double AreaUnderCurve, double AveragePrecision, double Recall, double Precision)
{
    /// <param name="truth">1 or 0 for each row; both occur.</param>
    /// <param name="scores">Higher means label 1.</param>
    /// <param name="verdicts">1 or 0 for each row, at the threshold that recall and precision are stated for.</param>
    public static ClassifierFigures Of(int[] truth, float[] scores, long[] verdicts)
    {
        double positives = truth.Count(label => label == 1);
        var negatives = truth.Length - positives;
        double area = 0, average = 0, found = 0, seen = 0;

        // Rows of one score cannot be told apart, so they count together.
        foreach (var tied in truth.Zip(scores).GroupBy(pair => pair.Second).OrderByDescending(group => group.Key))
        {
            double hits = tied.Count(pair => pair.First == 1);
            var misses = tied.Count() - hits;
            area += misses * (found + (hits / 2));
            found += hits;
            seen += hits + misses;
            average += hits / positives * (found / seen);
        }

        var caught = truth.Zip(verdicts).Count(pair => pair is (1, 1));
        return new(area / (positives * negatives), average, caught / positives, (double)caught / verdicts.Count(verdict => verdict == 1));
    }
}
