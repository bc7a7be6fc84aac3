using System.Text.Json;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>What somebody sees who looks at the status page.</summary>
/// <param name="Events">Rows of cells: time, type, reason, model, message.</param>
internal sealed record ShownPage(string Summary, string Lost, IReadOnlyList<ShownModel> Models, IReadOnlyList<IReadOnlyList<string>> Events)
{
    private const string Script = """
        const texts = (node, what) => [...node.querySelectorAll(what)].map(found => found.innerText.trim());
        const rows = (node, what) => [...node.querySelectorAll(what)].map(row => texts(row, 'th, td'));
        return {
          summary: document.querySelector('#summary').innerText,
          lost: document.querySelector('#lost').innerText,
          models: [...document.querySelectorAll('article')].map(model => ({
            name: model.querySelector('h2').innerText,
            version: model.querySelector('.version').innerText,
            badges: texts(model, '.badge'),
            messages: texts(model, '.message'),
            facts: texts(model, '.facts div').map(fact => fact.replaceAll('\n', '|')),
            pods: rows(model, '.pods tbody tr'),
            classes: rows(model, '.accuracy tbody tr'),
            features: [...model.querySelectorAll('.feature')].map(feature => ({
              name: feature.querySelector('.name span').textContent,
              told: feature.querySelector('.name b').textContent,
              bar: feature.querySelector('.track i').getBoundingClientRect().width / Math.max(1, feature.querySelector('.track').getBoundingClientRect().width),
              strays: feature.classList.contains('strays'),
            })),
          })),
          events: rows(document, '#events tbody tr'),
        };
        """;

    public ShownModel? Model(string name) => Models.SingleOrDefault(model => model.Name == name);

    public static async Task<ShownPage> ReadAsync(Browser browser) => (await browser.RunAsync(Script)).Deserialize<ShownPage>(JsonSerializerOptions.Web)!;

    /// <summary>Looks, without a reload, until the page shows this.</summary>
    public static async Task<ShownPage> UntilAsync(Browser browser, Func<ShownPage, bool> shows, string what, TimeSpan limit)
    {
        ShownPage? seen = null;
        await Eventually.TrueAsync(async () => shows(seen = await ReadAsync(browser)), () => $"the page shows {what}; it shows {JsonSerializer.Serialize(seen)}", limit);
        return seen!;
    }
}

/// <param name="Facts">As <c>name|value|more</c>.</param>
/// <param name="Pods">Rows of cells: name, phase, restarts.</param>
/// <param name="Classes">Rows of cells: class, precision, recall, F1.</param>
internal sealed record ShownModel(
    string Name,
    string Version,
    IReadOnlyList<string> Badges,
    IReadOnlyList<string> Messages,
    IReadOnlyList<string> Facts,
    IReadOnlyList<IReadOnlyList<string>> Pods,
    IReadOnlyList<IReadOnlyList<string>> Classes,
    IReadOnlyList<ShownFeature> Features);

/// <param name="Bar">Length of its bar, 0 to 1 of what there is room for; 0 where it is folded away.</param>
internal sealed record ShownFeature(string Name, string Told, double Bar, bool Strays);
