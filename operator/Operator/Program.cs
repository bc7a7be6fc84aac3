using System.CommandLine;
using Slipway.Operator.Commands;

var root = new RootCommand("Slipway: the model-serving operator for Kubernetes.")
{
    RunCommand.Create(),
    GenerateCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
