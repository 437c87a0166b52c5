using System.Diagnostics;
using System.Net;
using System.Reflection;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(ChainRule.Browser.Tests.Site))]

namespace ChainRule.Browser.Tests;

/// <summary>
/// The published playground, served from 127.0.0.1, and Debian's Chromium. Publishing takes a minute, so these tests run where
/// CI=true or CHAINRULE_BROWSER=1 asks for them; CHAINRULE_SITE names a folder that is published already.
/// </summary>
public sealed class Site : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private static readonly string repository = typeof(Site).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Repository").Value!;

    private readonly HttpListener listener = new();
    private IPlaywright? playwright;
    private IBrowser? browser;
    private string folder = "";
    private string address = "";

    private static bool IsAskedFor => Environment.GetEnvironmentVariable("CI") == "true" || Environment.GetEnvironmentVariable("CHAINRULE_BROWSER") == "1";

    public async ValueTask InitializeAsync()
    {
        if (!IsAskedFor)
        {
            return;
        }

        Assert.True(File.Exists(Chromium), $"There is no {Chromium}: install Debian's chromium.");
        folder = Environment.GetEnvironmentVariable("CHAINRULE_SITE") ?? await PublishAsync();
        Serve();
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = ["--no-sandbox"] });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        listener.Close();
    }

    /// <summary>Opens the page in a browser of its own; skips the test where browsers are not asked for.</summary>
    /// <param name="hash">What stands behind the address, e.g. #lesson=3.</param>
    /// <param name="width">The width of the window.</param>
    /// <param name="height">Its height.</param>
    /// <param name="isDark">Whether the system prefers dark colours.</param>
    public async Task<OpenPage> OpenAsync(string hash = "", int width = 1440, int height = 1000, bool isDark = false)
    {
        Assert.SkipUnless(IsAskedFor, "Browser tests publish the playground, which takes a minute: set CHAINRULE_BROWSER=1 to run them.");
        IBrowserContext context = await browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            Locale = "en-GB",
            AcceptDownloads = true,
        });
        var page = new OpenPage(await context.NewPageAsync(), Path.Combine(repository, "artifacts", "screenshots"));
        await page.GoToAsync($"{address}{hash}");
        return page;
    }

    private static async Task<string> PublishAsync()
    {
        string site = Path.Combine(repository, "artifacts", "browser-site");
        using Process publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", Path.Combine(repository, "src", "ChainRule.Playground"), "-c", "Release", "-o", site, "-v", "q", "--nologo"])
        {
            RedirectStandardOutput = true,
        })!;
        string output = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        Assert.True(publish.ExitCode == 0, output);
        return Path.Combine(site, "wwwroot");
    }

    private void Serve()
    {
        for (int port = 41000; ; port++)
        {
            try
            {
                address = $"http://127.0.0.1:{port}/";
                listener.Prefixes.Clear();
                listener.Prefixes.Add(address);
                listener.Start();
                break;
            }
            catch (HttpListenerException) when (port < 41100)
            {
                // Taken: the next one.
            }
        }

        _ = Task.Run(async () =>
        {
            while (listener.IsListening)
            {
                try
                {
                    HttpListenerContext request = await listener.GetContextAsync();
                    await AnswerAsync(request);
                }
                catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
                {
                    // The browser went away, or the tests are over.
                }
            }
        });
    }

    private async Task AnswerAsync(HttpListenerContext request)
    {
        string name = request.Request.Url!.AbsolutePath is "/" ? "/index.html" : request.Request.Url.AbsolutePath;
        string file = Path.GetFullPath(Path.Combine(folder, name.TrimStart('/')));
        HttpListenerResponse response = request.Response;
        if (!file.StartsWith(folder, StringComparison.Ordinal) || !File.Exists(file))
        {
            response.StatusCode = 404;
            response.Close();
            return;
        }

        response.ContentType = Path.GetExtension(file) switch
        {
            ".html" => "text/html",
            ".js" => "text/javascript",
            ".css" => "text/css",
            ".wasm" => "application/wasm",
            ".svg" => "image/svg+xml",
            ".json" => "application/json",
            _ => "application/octet-stream",
        };
        byte[] content = await File.ReadAllBytesAsync(file);
        await response.OutputStream.WriteAsync(content);
        response.Close();
    }
}
