using Slipway.DevCluster.ApiServer.CustomResources;
using Slipway.DevCluster.ApiServer.Resources;

namespace Slipway.DevCluster.Tests.ApiServer.CustomResources;

public sealed class CustomResourceValidationTests
{
    private static readonly object[] Refusals =
    [
        Case("'a':{'type':'string'}", "'a':1", "spec.a: Invalid value: \"integer\": spec.a in body must be of type string: \"integer\""),
        Case("'a':{'type':'integer','format':'int32'}", "'a':1.5",
            "spec.a: Invalid value: \"float64\": spec.a in body must be of type int32: \"float64\"",
            "<nil>: Invalid value: \"\": Checked value must be of type integer with format int32 in spec.a"),
        Case("'a':{'x-kubernetes-int-or-string':true}", "'a':true",
            "spec.a: Invalid value: \"boolean\": spec.a in body must be of type integer,string: \"boolean\""),
        Case("'a':{'type':'string','enum':['x','y']}", "'a':'z'", "spec.a: Unsupported value: \"z\": supported values: \"x\", \"y\""),
        Case("'a':{'type':'string','pattern':'^[a-z]+$'}", "'a':'Q\\n'", "spec.a: Invalid value: \"Q\\n\": spec.a in body should match '^[a-z]+$'"),
        Case("'a':{'type':'string','maxLength':2}", "'a':'abc'", "spec.a: Too long: may not be more than 2 bytes"),
        Case("'a':{'type':'string','minLength':1}", "'a':''", "spec.a: Invalid value: \"\": spec.a in body should be at least 1 chars long"),
        Case("'a':{'type':'number','minimum':0.5,'exclusiveMinimum':true}", "'a':0.5",
            "spec.a: Invalid value: 0.5: spec.a in body should be greater than 0.5"),
        Case("'a':{'type':'integer','multipleOf':5}", "'a':7", "spec.a: Invalid value: 7: spec.a in body should be a multiple of 5"),
        Case("'a':{'type':'array','maxItems':1,'items':{'type':'string'}}", "'a':['x','y']", "spec.a: Too many: 2: must have at most 1 items"),
        Case("'a':{'type':'array','minItems':1,'items':{'type':'string'}}", "'a':[]",
            "spec.a: Invalid value: []: spec.a in body should have at least 1 items"),
        Case("'a':{'type':'object','minProperties':1,'additionalProperties':{'type':'string'}}", "'a':{}",
            "spec.a: Invalid value: {}: spec.a in body should have at least 1 properties"),
        Case("'a':{'type':'object','additionalProperties':{'type':'string'}}", "'a':{'k':1}",
            "spec.a.k: Invalid value: \"integer\": spec.a.k in body must be of type string: \"integer\""),
        Case("'a':{'type':'array','x-kubernetes-list-type':'set','items':{'type':'string'}}", "'a':['x','x']", "spec.a[1]: Duplicate value: \"x\""),
        Case("'a':{'type':'string','format':'duration'}", "'a':'soon'",
            "spec.a: Invalid value: \"soon\": spec.a in body must be of type duration: \"soon\""),
        Case("'a':{'type':'string','oneOf':[{'pattern':'x'},{'pattern':'y'}]}", "'a':'xy'",
            "<nil>: Invalid value: \"\": \"spec.a\" must validate one and only one schema (oneOf). Found 2 valid alternatives"),
        Case("'a':{'type':'string','not':{'enum':['x']}}", "'a':'x'", "<nil>: Invalid value: \"\": \"spec.a\" must not validate the schema (not)"),
        Case("'a':{'type':'string','nullable':false}", "'a':null", "spec.a: Invalid value: \"null\": spec.a in body must be of type string: \"null\""),
    ];

    [TestCaseSource(nameof(Refusals))]
    public void A_bad_value_is_refused_in_the_servers_words(string properties, string spec, string[] expected) =>
        CustomResourceValidation.Validate(A.Schema(properties), A.Object(spec), null)
            .Select(error => $"{error.Field}: {error.Message}").Should().Equal(expected);

    [TestCase("'a':{'type':'integer'}", "'a':2.0")]
    [TestCase("'a':{'type':'number'}", "'a':2")]
    [TestCase("'a':{'x-kubernetes-int-or-string':true}", "'a':'50%'")]
    [TestCase("'a':{'type':'string','nullable':true}", "'a':null")]
    [TestCase("'a':{'type':'string','format':'duration'}", "'a':'1h30m'")]
    [TestCase("'a':{'type':'string','format':'duration'}", "'a':'5 days'")]
    [TestCase("'a':{'type':'string','format':'never-heard-of'}", "'a':'x'")]
    [TestCase("'a':{'type':'object','x-kubernetes-preserve-unknown-fields':true}", "'a':{'b':[1]}")]
    public void A_good_value_is_taken(string properties, string spec) =>
        CustomResourceValidation.Validate(A.Schema(properties), A.Object(spec), null).Should().BeEmpty();

    [Test]
    public void A_required_field_that_is_absent_is_named() =>
        CustomResourceValidation.Validate(A.Schema("'a':{'type':'string'}", "'required':['a'],"), A.Object(""), null)
            .Should().Equal(Cause.Required("spec.a"));

    [Test]
    public void An_unchanged_invalid_value_stays_while_a_changed_one_is_refused()
    {
        var schema = A.Schema("'a':{'type':'string','maxLength':1},'b':{'type':'string'}");

        CustomResourceValidation.Validate(schema, A.Object("'a':'long','b':'new'"), A.Object("'a':'long'")).Should().BeEmpty();
        CustomResourceValidation.Validate(schema, A.Object("'a':'longer'"), A.Object("'a':'long'")).Should().ContainSingle();
    }

    [Test]
    public void An_item_of_a_keyed_list_is_compared_with_the_one_of_the_same_key()
    {
        var schema = A.Schema("""
            'a':{'type':'array','x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['k'],
                 'items':{'type':'object','properties':{'k':{'type':'string'},'v':{'type':'string','maxLength':1}}}}
            """);

        CustomResourceValidation.Validate(schema, A.Object("'a':[{'k':'2'},{'k':'1','v':'long'}]"), A.Object("'a':[{'k':'1','v':'long'}]"))
            .Should().BeEmpty();
    }

    [TestCase("'replicas':-1", ".spec.replicas: Invalid value: -1: should be a non-negative integer")]
    [TestCase("'replicas':2.0", ".spec.replicas: Invalid value: 0: .spec.replicas accessor error: 2 is of the type float64, expected int64")]
    [TestCase("'replicas':2147483648", ".spec.replicas: Invalid value: 2147483648: should be less than or equal to 2147483647")]
    public void The_scale_path_must_hold_a_count(string spec, string expected) =>
        CustomResourceValidation.Validate(
                A.Schema("'replicas':{'type':'integer'}"), A.Object(spec), null, new ScalePaths(".spec.replicas", ".status.replicas", null))
            .Select(error => $"{error.Field}: {error.Message}").Should().Equal(expected);

    private static object[] Case(string properties, string spec, params string[] errors) => [properties, spec, errors];
}
