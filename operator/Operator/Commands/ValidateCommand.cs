using System.CommandLine;

namespace Slipway.Operator.Commands;

/// <summary><c>slipway-operator validate</c>: says all that is wrong with manifests, with no cluster.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var manifests = new ManifestArguments();
        var command = new Command("validate", "Say what is wrong with the ModelDeployments in files; other kinds are passed over. Ends with 1 if anything is.");
        manifests.AddTo(command);
        command.SetAction(result => Validate(manifests, result, Console.In, result.InvocationConfiguration.Output, result.InvocationConfiguration.Error));
        return command;
    }

    private static int Validate(ManifestArguments manifests, ParseResult result, TextReader input, TextWriter output, TextWriter errors)
    {
        var (found, wrong) = (0, 0);
        foreach (var (file, manifest) in manifests.Read(result, input))
        {
            found++;
            wrong += manifest.Errors.Count > 0 ? 1 : 0;
            var subject = manifest.SubjectIn(file);
            foreach (var error in manifest.Errors)
            {
                errors.WriteLine($"{subject}: {error}");
            }

            if (manifest.Errors.Count == 0)
            {
                output.WriteLine($"{subject}: valid");
            }
        }

        if (found == 0)
        {
            errors.WriteLine("slipway-operator validate: there is no ModelDeployment in what was given.");
        }

        return found == 0 || wrong > 0 ? 1 : 0;
    }
}
