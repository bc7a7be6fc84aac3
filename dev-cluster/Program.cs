using System.CommandLine;
using Slipway.DevCluster.Commands;

var root = new RootCommand("Kubernetes without Kubernetes, for a laptop and for tests: one process, no containers, never for production.") { UpCommand.Create() };
return await root.Parse(args).InvokeAsync();
