using System.Collections.Concurrent;
using System.Reflection;
using NUnit.Framework.Interfaces;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>Remembers which fixtures of an assembly began, and keeps one of them the last of those that run one after the other.</summary>
/// <param name="last">That fixture.</param>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class FixturesRunAttribute(Type last) : TestActionAttribute
{
    private static readonly ConcurrentDictionary<Type, byte> Begun = new();

    public Type Last => last;

    public override ActionTargets Targets => ActionTargets.Test;

    public override void BeforeTest(ITest test)
    {
        var fixture = test.TypeInfo!.Type;
        Begun.TryAdd(fixture, 0);
        if (fixture != last && RunsInTurn(fixture) && Begun.ContainsKey(last))
        {
            Assert.Fail($"{fixture.Name} came after {last.Name}, which judges what all others did: fixtures run in the order of their names.");
        }
    }

    /// <summary>Fixtures of the everyday run that have not begun, which happens when a run chooses among the tests.</summary>
    public static IEnumerable<string> Missing(Assembly assembly) => assembly.GetTypes()
        .Where(type => !type.IsAbstract && RunsInTurn(type) && type.GetMethods().Any(IsTest) && !Begun.ContainsKey(type))
        .Select(type => type.Name);

    private static bool RunsInTurn(Type fixture) =>
        fixture.GetCustomAttribute<ParallelizableAttribute>(inherit: true) is null && fixture.GetCustomAttribute<CategoryAttribute>(inherit: true) is null;

    private static bool IsTest(MethodInfo method) => method.IsDefined(typeof(TestAttribute)) || method.IsDefined(typeof(TestCaseAttribute));
}
