using System.CommandLine;
using Slipway.DevCluster.Commands;

var root = new RootCommand("Kubernetes without Kubernetes, for a laptop and for tests: one process, no containers, never for production.") { UpCommand.Create() };
// Ending the pods takes longer than the two seconds that are the default.
return await root.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
