using System.CommandLine;
using Slipway.Operator.Commands;
using Slipway.Runtime;

SharedStrings.UseInThisProcess();
ClusterQuantities.UseInThisProcess();
var root = new RootCommand("Slipway: the model-serving operator for Kubernetes.")
{
    RunCommand.Create(),
    RenderCommand.Create(),
    ValidateCommand.Create(),
    GenerateCommand.Create(),
};
// Running reconciles end first; the default of two seconds is less than they may take.
return await root.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
