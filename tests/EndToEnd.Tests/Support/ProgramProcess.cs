namespace Slipway.EndToEnd.Tests.Support;

/// <summary>A program of this repository as a process of its own, as its users start it.</summary>
/// <param name="project">The project whose build has the program.</param>
/// <param name="program">Its file name.</param>
/// <param name="environment">Variables as <c>NAME=value</c>.</param>
internal abstract class ProgramProcess(string project, string program, string[] arguments, params string[] environment)
    // A shell that runs the tests in the background has them ignore Ctrl-C, which children inherit; a user's shell does not.
    : BackgroundProcess(new("env", ["--default-signal=INT", .. environment, PathOf(project, program), .. arguments]))
{
    private static string PathOf(string project, string program)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, program);
    }
}
