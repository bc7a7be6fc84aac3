using static Slipway.DevCluster.ApiServer.Cel.CelType;

namespace Slipway.DevCluster.ApiServer.Cel;

/// <summary>Kubernetes quantities: <c>quantity("1Gi")</c>, comparison and arithmetic.</summary>
internal static class QuantityFunctions
{
    public static IEnumerable<Overload> All =>
    [
        new("isQuantity", false, [CelType.Text], Bool, a => Cel.Quantity.TryParse((string)a[0]!, out _)),
        new("quantity", false, [CelType.Text], CelType.Quantity, a => Cel.Quantity.TryParse((string)a[0]!, out var quantity)
            ? quantity : throw new CelException("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")),
        Method("sign", Int, q => (long)Math.Sign(q.Number)),
        Method("isInteger", Bool, q => q.IsInteger),
        Method("asInteger", Int, q => q.IsInteger ? (long)q.Number : throw new CelException("cannot convert value to integer")),
        Method("asApproximateFloat", CelType.Real, q => (double)q.Number),
        Binary("compareTo", Int, (a, b) => (long)a.CompareTo(b)),
        Binary("isGreaterThan", Bool, (a, b) => a.CompareTo(b) > 0),
        Binary("isLessThan", Bool, (a, b) => a.CompareTo(b) < 0),
        Binary("add", CelType.Quantity, (a, b) => Exact(() => a.Number + b.Number)),
        Binary("sub", CelType.Quantity, (a, b) => Exact(() => a.Number - b.Number)),
        new("add", true, [CelType.Quantity, Int], CelType.Quantity, a => Exact(() => Of(a[0]).Number + (long)a[1]!)),
        new("sub", true, [CelType.Quantity, Int], CelType.Quantity, a => Exact(() => Of(a[0]).Number - (long)a[1]!)),
    ];

    private static Cel.Quantity Of(object? value) => (Cel.Quantity)value!;

    private static Cel.Quantity Exact(Func<decimal> compute)
    {
        try
        {
            return new Cel.Quantity(compute());
        }
        catch (OverflowException)
        {
            throw new CelException("quantity overflow");
        }
    }

    private static Overload Method(string name, CelType result, Func<Cel.Quantity, object?> invoke) =>
        new(name, true, [CelType.Quantity], result, values => invoke(Of(values[0])));

    private static Overload Binary(string name, CelType result, Func<Cel.Quantity, Cel.Quantity, object?> invoke) =>
        new(name, true, [CelType.Quantity, CelType.Quantity], result, values => invoke(Of(values[0]), Of(values[1])));
}
