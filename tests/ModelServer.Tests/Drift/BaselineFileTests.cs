using System.Text;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Inference;

namespace Slipway.ModelServer.Tests.Drift;

internal sealed class BaselineFileTests
{
    private const string Amount = """{"name":"amount","kind":"numeric","tensor":"x","edges":[0,1],"ratios":[0,1,0,0]}""";
    private const string Land = """{"name":"land","kind":"categorical","tensor":"y","column":2,"categories":["de"],"ratios":[0.5,0.5,0]}""";

    private string _folder = null!;

    [SetUp]
    public void Create() => _folder = Directory.CreateTempSubdirectory("slipway-").FullName;

    [TearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_version_without_the_file_has_no_baseline() => BaselineFile.Read(_folder).Should().BeNull();

    [Test]
    public void What_is_written_is_read_again()
    {
        var baseline = Parse(Json(Amount, Land), [])!;
        var path = Path.Combine(_folder, BaselineFile.FileName);

        BaselineFile.Write(path, baseline);

        BaselineFile.Read(_folder).Should().BeEquivalentTo(baseline);
        baseline.Outputs[0].Should().BeEquivalentTo(new { Name = "land", Kind = FeatureKind.Categorical, Tensor = "y", Column = 2, Measure = FeatureMeasure.Value });
        baseline.Outputs[0].Bins().Labels.Should().Equal("de", "other", "missing");
    }

    [TestCase("{", "is no baseline: *")]
    [TestCase("null", "holds null *")]
    [TestCase("""{"format":1,"rows":1,"inputs":[null],"outputs":[]}""", "holds null *")]
    [TestCase("""{"format":1,"rows":1,"inputs":null,"outputs":[]}""", "is no baseline: *inputs*")]
    [TestCase("""{"format":1,"rows":1,"inputs":[]}""", "is no baseline: *outputs*")]
    [TestCase("""{"format":2,"rows":1,"inputs":[],"outputs":[]}""", "format: is 2; this server reads 1")]
    [TestCase("""{"format":1,"rows":1,"inputs":[],"outputs":[],"colour":3}""", "is no baseline: *colour*")]
    [TestCase("""{"format":1,"rows":0,"inputs":[],"outputs":[]}""", "rows: is 0; must be at least 1|inputs and outputs: hold 0 features; must be 1 to 100")]
    [TestCase("""{"format":1,"rows":1,"inputs":[{"name":"","kind":"numeric","tensor":"","edges":[1,1],"column":-1,"ratios":[]}],"outputs":[]}""", "inputs[0].name: *|inputs[0].tensor: *|inputs[0].column: *|inputs[0].edges: must be finite and ascending*")]
    [TestCase("""{"format":1,"rows":1,"inputs":[{"name":"output.a","kind":"numeric","tensor":"x","edges":[1],"ratios":[0,2,0,0]}],"outputs":[]}""", "inputs[0].ratios: must be shares*|inputs: 'output.a' begins with*")]
    [TestCase("""{"format":1,"rows":1,"inputs":[{"name":"a","kind":"numeric","tensor":"x","categories":["b"],"ratios":[1,0,0]}],"outputs":[]}""", "inputs[0].edges: a numeric feature has *")]
    [TestCase("""{"format":1,"rows":1,"inputs":[{"name":"a","kind":"categorical","tensor":"x","categories":["b","b"],"ratios":[1,0,0,0]}],"outputs":[]}""", "inputs[0].categories: must be different words *")]
    [TestCase("""{"format":1,"rows":1,"inputs":[{"name":"a","kind":"categorical","tensor":"x","categories":["b"],"ratios":[1,0,0],"measure":"centroidCosine","seasonality":"soon"}],"outputs":[]}""", "inputs[0].centroid: *|inputs[0].seasonality: 'soon' is no duration*")]
    [TestCase("""{"format":1,"rows":1,"inputs":[{"name":"a","kind":"categorical","tensor":"x","categories":["b"],"ratios":[1,0]}],"outputs":[]}""", "inputs[0].ratios: has 2 numbers; the feature has 3 bins")]
    public void Every_fault_is_told_with_its_place(string json, string faults)
    {
        var errors = new List<string>();

        Parse(json, errors);

        errors.Should().HaveCount(faults.Split('|').Length, "{0}", string.Join("; ", errors));
        foreach (var (error, fault) in errors.Zip(faults.Split('|')))
        {
            error.Should().Match(fault);
        }
    }

    [Test]
    public void A_name_that_is_there_twice_is_a_fault()
    {
        var errors = new List<string>();

        Parse($$"""{"format":1,"rows":1,"inputs":[{{Amount}},{{Amount}}],"outputs":[]}""", errors);

        errors.Should().Equal("inputs: 'amount' is there 2 times");
    }

    [Test]
    public void A_faulty_file_rejects_the_version_with_a_line_for_each_fault()
    {
        File.WriteAllText(Path.Combine(_folder, BaselineFile.FileName), """{"format":1,"rows":0,"inputs":[],"outputs":[]}""");

        var read = () => BaselineFile.Read(_folder);

        read.Should().Throw<ModelRejectedException>().WithMessage("baseline.json has 2 faults; write it with slipway-server baseline and upload a new version:\n  rows: *\n  inputs and outputs: *");
    }

    private static string Json(string input, string output) => $$"""{"format":1,"rows":10,"inputs":[{{input}}],"outputs":[{{output}}]}""";

    private static Baseline? Parse(string json, List<string> errors) => BaselineFile.Parse(Encoding.UTF8.GetBytes(json), errors);
}
