using System.Net.Mime;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.EndToEnd.Tests.Support;

/// <summary>A real Chromium without a window, driven by the W3C's WebDriver protocol through an unmodified chromedriver. It has a home and a profile of its own.</summary>
internal sealed partial class Browser : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly string _folder;
    private readonly Driver _driver;
    private readonly List<Uri> _asked = [];
    private HttpClient? _session;

    private Browser(string folder) => (_folder, _driver) = (folder, new(folder));

    /// <param name="width">Of the window, in pixels.</param>
    /// <param name="height">As <paramref name="width"/>.</param>
    public static async Task<Browser> StartAsync(int width, int height)
    {
        var browser = new Browser(Directory.CreateTempSubdirectory("slipway-browser-").FullName);
        try
        {
            await browser.BeginAsync(width, height);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    public Task OpenAsync(Uri page) => SendAsync(HttpMethod.Post, "url", new() { ["url"] = page.AbsoluteUri });

    /// <summary>What the body of a function returns that runs in the page.</summary>
    public Task<JsonNode?> RunAsync(string script) => SendAsync(HttpMethod.Post, "execute/sync", new() { ["script"] = script, ["args"] = new JsonArray() });

    /// <summary>A picture of the whole page, as PNG; the window becomes as high as the page is.</summary>
    public async Task<byte[]> PictureAsync()
    {
        var missing = (int)(await RunAsync("return document.documentElement.scrollHeight - window.innerHeight"))!;
        var window = (await SendAsync(HttpMethod.Get, "window/rect"))!;
        await SendAsync(HttpMethod.Post, "window/rect", new() { ["width"] = (int)window["width"]!, ["height"] = (int)window["height"]! + missing });
        return Convert.FromBase64String((string)(await SendAsync(HttpMethod.Get, "screenshot"))!);
    }

    /// <summary>Errors and warnings of the page and of the browser about it since the last call: what a developer would see in the console.</summary>
    public async Task<IReadOnlyList<string>> ComplaintsAsync() =>
        [.. (await LogAsync("browser")).Where(entry => (string?)entry["level"] is "SEVERE" or "WARNING").Select(entry => $"{entry["level"]}: {entry["message"]}")];

    /// <summary>All that pages asked others for so far, whether they answered or not.</summary>
    public async Task<IReadOnlyList<Uri>> AskedAsync()
    {
        foreach (var entry in await LogAsync("performance"))
        {
            var message = JsonNode.Parse((string)entry["message"]!)!["message"]!;
            if ((string?)message["method"] == "Network.requestWillBeSent")
            {
                _asked.Add(new((string)message["params"]!["request"]!["url"]!));
            }
        }

        return [.. _asked.Where(address => address.Scheme is not ("about" or "chrome" or "data"))];
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is not null)
        {
            // Chromium is gone, with all that it writes, once this is answered.
            using var ended = await _session.DeleteAsync(_session.BaseAddress!.AbsoluteUri.TrimEnd('/'));
            _session.Dispose();
        }

        _driver.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task BeginAsync(int width, int height)
    {
        var port = await _driver.PortAsync(Limit);
        var options = new JsonObject
        {
            ["binary"] = Tool("chromium"),
            ["args"] = new JsonArray(
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--hide-scrollbars", $"--window-size={width},{height}", $"--user-data-dir={_folder}/profile"),
        };
        var capabilities = new JsonObject { ["browserName"] = "chrome", ["goog:chromeOptions"] = options, ["goog:loggingPrefs"] = new JsonObject { ["browser"] = "ALL", ["performance"] = "ALL" } };
        using var client = new HttpClient { Timeout = Limit };
        var begun = await AnswerAsync(client, HttpMethod.Post, $"http://127.0.0.1:{port}/session", new() { ["capabilities"] = new JsonObject { ["alwaysMatch"] = capabilities } });
        _session = new() { BaseAddress = new($"http://127.0.0.1:{port}/session/{begun!["sessionId"]}/"), Timeout = Limit };
    }

    private async Task<IEnumerable<JsonNode>> LogAsync(string kind) => (await SendAsync(HttpMethod.Post, "se/log", new() { ["type"] = kind }))!.AsArray().Select(entry => entry!);

    private Task<JsonNode?> SendAsync(HttpMethod method, string command, JsonObject? body = null) =>
        AnswerAsync(_session ?? throw new InvalidOperationException("The browser has not started."), method, command, body);

    private async Task<JsonNode?> AnswerAsync(HttpClient client, HttpMethod method, string address, JsonObject? body)
    {
        // chromedriver hangs up on a body that does not say how long it is.
        using var content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, MediaTypeNames.Application.Json);
        using var request = new HttpRequestMessage(method, new Uri(address, UriKind.RelativeOrAbsolute)) { Content = content };
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.Should().BeTrue("chromedriver said {0} to {1} {2}; so far:\n{3}", text, method, address, _driver.Output);
        return JsonNode.Parse(text)!["value"];
    }

    private static string Tool(string name)
    {
        var path = Path.Combine(Repository.Root, ".tools", "bin", name);
        File.Exists(path).Should().BeTrue("{0} is what the tests drive; ./build.sh tools browser installs it", path);
        return path;
    }

    private sealed partial class Driver(string home) : BackgroundProcess(new("env", ["-u", "DBUS_SESSION_BUS_ADDRESS", $"HOME={home}", $"XDG_CACHE_HOME={home}", $"XDG_CONFIG_HOME={home}", Tool("chromedriver"), "--port=0"]))
    {
        public async Task<int> PortAsync(TimeSpan limit)
        {
            await PrintedAsync("started successfully on port ", limit);
            return int.Parse(Port().Match(Output).Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        }

        [GeneratedRegex("started successfully on port ([0-9]+)")]
        private static partial Regex Port();
    }
}
