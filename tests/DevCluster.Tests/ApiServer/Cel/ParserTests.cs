using FsCheck;
using FsCheck.Fluent;
using Slipway.DevCluster.ApiServer.Cel;

namespace Slipway.DevCluster.Tests.ApiServer.Cel;

public sealed class ParserTests
{
    private static readonly string[] Pieces =
    [
        "self", "oldSelf", ".", "?.", "(", ")", "[", "]", "{", "}", ",", ":", "?", "+", "-", "!", "==", "<=", "&&", "||", " in ", "1", "2u", "1.5e3", "0x",
        "'a'", "\"", "'''", "r'\\'", "b'", "\\", "\\u12", "has(", ".all(x,", ".map(", ".optMap(", "null", "true", "for", "size(", "//", "\n", "é", "\ud83d",
    ];

    private static readonly CelType Self = CelType.Map(CelType.Text, CelType.Dyn);

    [Test]
    public void Whatever_is_written_the_only_failure_is_a_compile_error()
    {
        var expressions = Gen.Elements(Pieces).ArrayOf().Select(string.Concat).ToArbitrary();

        Prop.ForAll(expressions, Compiles).QuickCheckThrowOnFailure();
    }

    private static bool Compiles(string source)
    {
        try
        {
            return CelProgram.Compile(source, Self) is not null;
        }
        catch (CelException e)
        {
            return e.Report(source).StartsWith("ERROR: <input>:", StringComparison.Ordinal);
        }
    }
}
