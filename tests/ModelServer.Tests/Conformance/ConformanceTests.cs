using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Slipway.ModelServer.Batching;
using Slipway.ModelServer.Tests.Hosting;

namespace Slipway.ModelServer.Tests.Conformance;

/// <summary>The server answers with the bits of the run in-process, whatever the model.</summary>
[NonParallelizable]
internal sealed class ConformanceTests
{
    [TestCaseSource(typeof(OwnModels), nameof(OwnModels.Names))]
    [CancelAfter(60_000)]
    public async Task A_model_is_answered_as_it_runs(string name, CancellationToken cancellationToken)
    {
        using var folder = new ModelFolder();
        await using var server = await ConformanceServer.StartAsync(BatchingMode.Auto, cancellationToken);

        var outcome = await ConformanceRun.RunAsync(server, name, () => OwnModels.Read(name, folder), cancellationToken);

        outcome.Should().Be(new ConformanceOutcome(name, LeftOut: "", Failure: ""));
    }

    /// <summary>
    /// Every model of the suite that the runtime loads, that the protocol can express and that is right in-process; the others are listed
    /// beside this file with their reasons. UPDATE_GOLDEN=1 writes the list; review its diff like code.
    /// </summary>
    [Test]
    [Category("Long")]
    [CancelAfter(1_800_000)]
    public async Task The_node_tests_of_onnx_are_answered_as_they_run(CancellationToken cancellationToken)
    {
        SetEnvironment("LOCPATH", Path.Combine(Tools.Folder("onnx-tests"), "locale"), 1).Should().Be(0);
        await using var server = await ConformanceServer.StartAsync(BatchingMode.Off, cancellationToken);
        var outcomes = new List<ConformanceOutcome>();
        foreach (var name in NodeTests.Names())
        {
            outcomes.Add(await ConformanceRun.RunAsync(server, name, () => NodeTests.Read(name), cancellationToken));
        }

        var measured = outcomes.Where(outcome => outcome.LeftOut.Length == 0).ToList();
        var failed = measured.Where(outcome => outcome.Failure.Length > 0).ToList();
        await TestContext.Out.WriteLineAsync($"onnx-conformance: {measured.Count - failed.Count} of {measured.Count}");
        MatchLeftOut(string.Concat(outcomes.Where(outcome => outcome.LeftOut.Length > 0).Select(outcome => $"{outcome.Name}: {outcome.LeftOut.TrimEnd()}\n")));
        failed.Should().BeEmpty();
    }

    private static void MatchLeftOut(string leftOut, [CallerFilePath] string caller = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(caller)!, "left-out.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, leftOut);
        }

        leftOut.Split('\n').Should().Equal(File.ReadAllText(path).Split('\n'), "left-out.txt lists what says nothing of the server; UPDATE_GOLDEN=1 writes it");
    }

    // The library reads the process's own environment, which .NET's setter does not reach.
    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int SetEnvironment(string name, string value, int overwrite);
}
