using System.Text;
using Slipway.DevCluster.ApiServer.Cel;
using Slipway.DevCluster.Tests.ApiServer.CustomResources;

namespace Slipway.DevCluster.Tests.ApiServer.Cel;

public sealed class CelProgramTests
{
    private static readonly Slipway.DevCluster.ApiServer.Schemas.Schema Schema = Slipway.DevCluster.ApiServer.CustomResources.StructuralSchema.Parse(A.Json("""
        {'type':'object','properties':{
          'i':{'type':'integer'},'n':{'type':'number'},'s':{'type':'string','maxLength':64},'b':{'type':'boolean'},
          'any':{'x-kubernetes-int-or-string':true},'absent':{'type':'string'},'foo-bar':{'type':'integer'},'namespace':{'type':'string'},
          'every':{'type':'string','format':'duration'},'at':{'type':'string','format':'date-time'},
          'list':{'type':'array','maxItems':8,'items':{'type':'integer'}},
          'set':{'type':'array','x-kubernetes-list-type':'set','items':{'type':'string'}},
          'objects':{'type':'array','items':{'type':'object','properties':{'k':{'type':'string'},'v':{'type':'integer'}}}},
          'map':{'type':'object','additionalProperties':{'type':'integer'}},
          'free':{'type':'object','x-kubernetes-preserve-unknown-fields':true}}}
        """));

    private static readonly object? Self = JsonValues.Read(
        A.Json("""
            {'i':3,'n':2,'s':'hello','b':true,'any':'50%','foo-bar':7,'namespace':'ns','every':'1m30s','at':'2024-02-29T12:30:45.5Z',
             'list':[3,1,2],'set':['x','y'],'objects':[{'k':'a','v':1},{'k':'b'}],'map':{'one':1,'two':2},'free':{'z':1}}
            """),
        Schema);

    private static CelType Type => SchemaTypes.Of(Schema, isResource: false)!;

    [TestCase("1 + 2 * 3 - 4 / 2 % 3 == 5")]
    [TestCase("-7 / 2 == -3 && -7 % 2 == -1")]
    [TestCase("1.5 + 0.5 == 2.0 && 5u - 2u == 3u && 0x1F == 31")]
    [TestCase("1 < 2.5 && 2u >= 2")]
    [TestCase("'a' + \"b\" == r'ab' && '''x\ny''' == 'x\\ny' && '\\u00e9' == 'é'")]
    [TestCase("b'ab'.size() == 2 && size('né') == 2")]
    [TestCase("true ? 1 == 1 : 1 == 2")]
    [TestCase("false && 1 / 0 == 1 ? false : true")]
    [TestCase("1 / 0 == 1 || true")]
    [TestCase("!(self.i != 3) && self.n == 2.0 && self.b")]
    [TestCase("has(self.s) && !has(self.absent)")]
    [TestCase("self.foo__dash__bar == 7 && self.__namespace__ == 'ns'")]
    [TestCase("self.any == '50%' && type(self.any) == string")]
    [TestCase("self.list.all(x, x > 0) && self.list.exists(x, x == 2) && self.list.exists_one(x, x == 3)")]
    [TestCase("self.list.map(x, x * 2) == [6, 2, 4] && self.list.map(x, x > 1, x) == [3, 2] && self.list.filter(x, x < 3) == [1, 2]")]
    [TestCase("self.list.all(i, x, self.list[i] == x) && self.list.transformList(i, x, i + x) == [3, 2, 4]")]
    [TestCase("self.map.all(k, self.map[k] > 0) && 'one' in self.map && self.map['two'] == 2 && self.map.one == 1")]
    [TestCase("self.map.transformMap(k, v, v + 1) == {'one': 2, 'two': 3}")]
    [TestCase("self.objects.exists(o, o.k == 'b' && !has(o.v))")]
    [TestCase("2 in self.list && !(9 in [1, 2])")]
    [TestCase("self.set == ['y', 'x'] && self.set + ['x', 'z'] == ['x', 'y', 'z']")]
    [TestCase("self.s.startsWith('he') && self.s.endsWith('lo') && self.s.contains('ell') && self.s.matches('^h[a-z]+$')")]
    [TestCase("'Ab'.lowerAscii() == 'ab' && 'Ab'.upperAscii() == 'AB' && ' x '.trim() == 'x' && 'abc'.reverse() == 'cba'")]
    [TestCase("'a,b,c'.split(',') == ['a', 'b', 'c'] && 'a,b,c'.split(',', 2) == ['a', 'b,c'] && ['a', 'b'].join('-') == 'a-b'")]
    [TestCase("'hello'.substring(1, 3) == 'el' && 'hello'.indexOf('l') == 2 && 'hello'.lastIndexOf('l') == 3 && 'hello'.charAt(4) == 'o'")]
    [TestCase("'aaa'.replace('a', 'b', 2) == 'bba' && 'ab'.replace('', '-') == '-a-b-'")]
    [TestCase("'%s is %d, %.2f'.format(['x', 3, 1.5]) == 'x is 3, 1.50'")]
    [TestCase("'abc123'.find('[0-9]+') == '123' && 'a1b2'.findAll('[0-9]') == ['1', '2']")]
    [TestCase("[1, 2, 3].sum() == 6 && self.list.max() == 3 && self.list.min() == 1 && !self.list.isSorted() && self.list.indexOf(2) == 2")]
    [TestCase("int('5') == 5 && double('1.5') == 1.5 && string(5) == '5' && string(1.5) == '1.5' && bool('true') && uint(3) == 3u")]
    [TestCase("self.every == duration('90s') && self.every.getMinutes() == 1 && duration('1h') > duration('59m')")]
    [TestCase("self.at < timestamp('2024-03-01T00:00:00Z') && self.at.getDayOfYear() == 59 && self.at.getHours('+02:00') == 14")]
    [TestCase("timestamp('2024-01-01T00:00:00Z') + duration('36h') == timestamp('2024-01-02T12:00:00Z')")]
    [TestCase("timestamp('2024-01-02T00:00:00Z') - timestamp('2024-01-01T00:00:00Z') == duration('24h')")]
    [TestCase("quantity('1Gi').isGreaterThan(quantity('1G')) && quantity('100m').compareTo(quantity('0.1')) == 0 && quantity('2k').asInteger() == 2000")]
    [TestCase("isQuantity('1.5Gi') && !isQuantity('1.5GiB') && quantity('1').add(quantity('1')).sign() == 1")]
    [TestCase("isURL('https://a.b:81/c?d=e') && url('https://a.b:81/c?d=e').getPort() == '81' && url('https://a.b/c').getHost() == 'a.b'")]
    [TestCase("self.?absent.orValue('none') == 'none' && self.?s.hasValue() && self.map[?'one'].orValue(0) == 1")]
    [TestCase("optional.of(3).optMap(x, x + 1).value() == 4 && optional.none().orValue(1) == 1")]
    [TestCase("[1, ?optional.none(), ?optional.of(2)] == [1, 2] && {?'a': optional.of(1)} == {'a': 1}")]
    [TestCase("dyn(1) == 1.0 && dyn('a') != 1")]
    public void An_expression_holds(string source) => CelProgram.Compile(source, Type).Run(Self, null, new Budget()).Should().Be(true);

    [TestCase("self.nosuch > 1", "ERROR: <input>:1:5: undefined field 'nosuch'\n | self.nosuch > 1\n | ....^")]
    [TestCase("self.i +", "ERROR: <input>:1:9: Syntax error: mismatched input '<EOF>' expecting an expression\n | self.i +\n | ........^")]
    [TestCase("nosuch", "ERROR: <input>:1:1: undeclared reference to 'nosuch' (in container '')\n | nosuch\n | ^")]
    [TestCase("self.i + 'a'", "ERROR: <input>:1:8: found no matching overload for '_+_' applied to '(int, string)'\n | self.i + 'a'\n | .......^")]
    [TestCase("self.s.startsWith(1)", "ERROR: <input>:1:18: found no matching overload for 'startsWith' applied to 'string.(int)'\n | self.s.startsWith(1)\n | .................^")]
    [TestCase("self.free.z == 1", "ERROR: <input>:1:10: undefined field 'z'\n | self.free.z == 1\n | .........^")]
    [TestCase("[1, 'a']", "ERROR: <input>:1:5: expected type 'int' but found 'string'\n | [1, 'a']\n | ....^")]
    public void A_wrong_expression_is_refused_at_its_place(string source, string report) =>
        FluentActions.Invoking(() => CelProgram.Compile(source, Type)).Should().Throw<CelException>().Which.Report(source).Should().Be(report);

    [TestCase("self.list[9] == 1", "index out of bounds: 9")]
    [TestCase("self.map['x'] == 1", "no such key: x")]
    [TestCase("self.absent == 'x'", "no such key: absent")]
    [TestCase("1 / (self.i - 3) == 1", "division by zero")]
    [TestCase("9223372036854775807 + self.i > 0", "integer overflow")]
    [TestCase("self.any > 5", "no such overload")]
    public void Evaluation_fails_with_the_servers_words(string source, string error) =>
        FluentActions.Invoking(() => CelProgram.Compile(source, Type).Run(Self, null, new Budget())).Should().Throw<CelException>().WithMessage(error);

    [Test]
    public void An_evaluation_that_costs_too_much_is_stopped()
    {
        const string digits = "[0,1,2,3,4,5,6,7,8,9]";
        var source = $"{digits}.all(a, {digits}.all(b, {digits}.all(c, {digits}.all(d, {digits}.all(e, {digits}.all(f, a + b + c + d + e + f < 99))))))";

        FluentActions.Invoking(() => CelProgram.Compile(source, Type).Run(Self, null, new Budget()))
            .Should().Throw<CelException>().Which.OverBudget.Should().BeTrue();
    }

    [Test]
    public void Deep_nesting_is_an_error_and_not_a_crash()
    {
        var source = new StringBuilder().Append('(', 50_000).Append('1').Append(')', 40_000).ToString();

        FluentActions.Invoking(() => CelProgram.Compile(source, Type)).Should().Throw<CelException>();
    }
}
