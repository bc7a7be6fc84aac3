using Slipway.Api;

namespace Slipway.ModelServer.Drift;

/// <summary>How large a baseline may be: every bin of every feature is a series for as long as the version is loaded.</summary>
internal static class BaselineBounds
{
    public const int Format = 1;

    /// <summary>Inputs and outputs together.</summary>
    public const int MostFeatures = VersionWindow.MostFeatures;

    public const int MostBins = FeatureWindow.MostBins;

    /// <summary>All of them but low, high and missing lie between edges.</summary>
    public const int MostEdges = MostBins - 2;

    /// <summary>All bins but other and missing.</summary>
    public const int MostCategories = MostBins - 2;

    public const int LongestName = 128;

    public const int LongestCentroid = 65_536;

    /// <summary>How far the sum of ratios may be from 1: they are written with few digits.</summary>
    public const double SumTolerance = 0.001;

    /// <summary>In metrics, before the name of a feature of the outputs; no feature of the inputs begins so.</summary>
    public const string OutputPrefix = "output.";
}
