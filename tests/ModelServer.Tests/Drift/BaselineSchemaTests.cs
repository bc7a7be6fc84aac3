using System.Text;
using NJsonSchema;
using Slipway.ModelServer.Drift;
using Slipway.ModelServer.Inference;
using Slipway.ModelServer.Tests.Samples;

namespace Slipway.ModelServer.Tests.Drift;

/// <summary>The schema that people and tools read and the parser that the server uses are held to say the same, as far as a schema can say it.</summary>
internal sealed class BaselineSchemaTests
{
    private static readonly string[] Good =
    [
        Feature("""{"name":"a","kind":"numeric","tensor":"x","edges":[1],"ratios":[0,1,0,0]}"""),
        Feature("""{"name":"a","kind":"numeric","tensor":"x","column":3,"measure":"value","edges":[-1.5,0,2e10],"ratios":[0,0.5,0.5,0,0],"seasonality":"1h30m"}"""),
        Feature("""{"name":"a","kind":"numeric","tensor":"x","datatype":"FP16","edges":[1],"ratios":[0,1,0,0]}"""),
        Feature("""{"name":"a","kind":"categorical","tensor":"x","measure":"topClass","categories":["0","1"],"ratios":[0.2,0.8,0,0]}"""),
        Feature("""{"name":"a","kind":"numeric","tensor":"x","measure":"centroidCosine","centroid":[0.5,-1],"edges":[0,1],"ratios":[0,1,0,0]}"""),
        """{"format":1,"rows":10,"inputs":[],"outputs":[{"name":"output.a","kind":"numeric","tensor":"x","edges":[1],"ratios":[0,1,0,0]}]}""",
    ];

    private static readonly string[] Bad =
    [
        "[]",
        "{}",
        """{"format":2,"rows":10,"inputs":[],"outputs":[]}""",
        """{"format":1,"rows":0,"inputs":[],"outputs":[]}""",
        """{"format":1,"rows":1.5,"inputs":[],"outputs":[]}""",
        """{"format":1,"rows":10,"inputs":[],"outputs":[],"colour":1}""",
        """{"format":1,"rows":10,"inputs":[]}""",
        """{"format":1,"rows":10,"inputs":null,"outputs":[]}""",
        """{"format":1,"rows":10,"inputs":[null],"outputs":[]}""",
        Feature("""{"name":"","kind":"numeric","tensor":"x","edges":[1],"ratios":[0,1,0,0]}"""),
        Feature($$"""{"name":"{{new string('n', 129)}}","kind":"numeric","tensor":"x","edges":[1],"ratios":[0,1,0,0]}"""),
        Feature("""{"name":"output.a","kind":"numeric","tensor":"x","edges":[1],"ratios":[0,1,0,0]}"""),
        Feature("""{"name":"a","kind":"whole","tensor":"x","edges":[1],"ratios":[0,1,0,0]}"""),
        Feature("""{"name":"a","kind":"numeric","tensor":"","edges":[1],"ratios":[0,1,0,0]}"""),
        Feature("""{"name":"a","kind":"numeric","edges":[1],"ratios":[0,1,0,0]}"""),
        Feature("""{"name":"a","kind":"numeric","tensor":"x","column":-1,"edges":[1],"ratios":[0,1,0,0]}"""),
        Feature("""{"name":"a","kind":"numeric","tensor":"x","datatype":"float","edges":[1],"ratios":[0,1,0,0]}"""),
        Feature("""{"name":"a","kind":"numeric","tensor":"x","datatype":1,"edges":[1],"ratios":[0,1,0,0]}"""),
        Feature("""{"name":"a","kind":"numeric","tensor":"x","measure":"median","edges":[1],"ratios":[0,1,0,0]}"""),
        Feature("""{"name":"a","kind":"numeric","tensor":"x","ratios":[0,1,0,0]}"""),
        Feature("""{"name":"a","kind":"numeric","tensor":"x","edges":[],"ratios":[0,1,0]}"""),
        Feature("""{"name":"a","kind":"numeric","tensor":"x","edges":[1,1],"ratios":[0,1,0,0]}"""),
        Feature($$"""{"name":"a","kind":"numeric","tensor":"x","edges":[{{string.Join(',', Enumerable.Range(0, 23))}}],"ratios":[0,1{{string.Concat(Enumerable.Repeat(",0", 23))}}]}"""),
        Feature("""{"name":"a","kind":"numeric","tensor":"x","edges":[1],"categories":["b"],"ratios":[0,1,0,0]}"""),
        Feature("""{"name":"a","kind":"categorical","tensor":"x","edges":[1],"ratios":[0,1,0,0]}"""),
        Feature("""{"name":"a","kind":"categorical","tensor":"x","categories":[""],"ratios":[0,1,0]}"""),
        Feature("""{"name":"a","kind":"categorical","tensor":"x","categories":["b","b"],"ratios":[0,1,0,0]}"""),
        Feature("""{"name":"a","kind":"numeric","tensor":"x","edges":[1],"ratios":[0,2,0,0]}"""),
        Feature("""{"name":"a","kind":"numeric","tensor":"x","edges":[1],"ratios":[]}"""),
        Feature("""{"name":"a","kind":"numeric","tensor":"x","measure":"centroidCosine","edges":[1],"ratios":[0,1,0,0]}"""),
        Feature("""{"name":"a","kind":"numeric","tensor":"x","measure":"centroidCosine","centroid":[],"edges":[1],"ratios":[0,1,0,0]}"""),
        Feature("""{"name":"a","kind":"numeric","tensor":"x","centroid":[1],"edges":[1],"ratios":[0,1,0,0]}"""),
        Feature("""{"name":"a","kind":"numeric","tensor":"x","edges":[1],"ratios":[0,1,0,0],"seasonality":"soon"}"""),
    ];

    private JsonSchema _schema = new();

    [OneTimeSetUp]
    public async Task ReadAsync() => _schema = await JsonSchema.FromFileAsync(Path.Combine(FraudDetectionSample.Root, "docs", "reference", "baseline.schema.json"));

    [TestCaseSource(nameof(Good))]
    public void What_the_parser_takes_the_schema_takes(string json)
    {
        Parse(json).Should().BeEmpty();
        _schema.Validate(json).Should().BeEmpty();
    }

    [TestCaseSource(nameof(Bad))]
    public void What_the_parser_refuses_the_schema_refuses(string json)
    {
        Parse(json).Should().NotBeEmpty();
        _schema.Validate(json).Should().NotBeEmpty();
    }

    [Test]
    public void Every_word_of_the_code_is_one_of_the_schema()
    {
        var feature = _schema.Definitions["feature"];

        feature.Properties["measure"].Enumeration.Should().BeEquivalentTo(Words<FeatureMeasure>());
        feature.Properties["datatype"].Enumeration.Should().BeEquivalentTo(Enum.GetValues<Datatype>().Select(datatype => datatype.Name()));
        feature.Properties["kind"].Enumeration.Should().BeEquivalentTo(Words<FeatureKind>());
        feature.Properties.Keys.Should().BeEquivalentTo(typeof(BaselineFeature).GetProperties().Select(property => Camel(property.Name)));
        _schema.Properties.Keys.Should().BeEquivalentTo(typeof(Baseline).GetProperties().Select(property => Camel(property.Name)));
    }

    private static List<string> Parse(string json)
    {
        var errors = new List<string>();
        BaselineFile.Parse(Encoding.UTF8.GetBytes(json), errors);
        return errors;
    }

    private static string Feature(string feature) => $$"""{"format":1,"rows":10,"inputs":[{{feature}}],"outputs":[]}""";

    private static IEnumerable<string> Words<T>() where T : struct, Enum => Enum.GetNames<T>().Select(Camel);

    private static string Camel(string name) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name);
}
