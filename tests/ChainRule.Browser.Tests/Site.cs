using System.Reflection;
using ChainRule.Cli.Output;
using ChainRule.Cli.Playground;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(ChainRule.Browser.Tests.Site))]

namespace ChainRule.Browser.Tests;

/// <summary>
/// The published playground, served as chainrule playground serves it, and Debian's Chromium. Publishing takes a minute, so these tests run where
/// CI=true or CHAINRULE_BROWSER=1 asks for them; CHAINRULE_SITE names a folder that is published already.
/// </summary>
public sealed class Site : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private static readonly string repository = typeof(Site).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Repository").Value!;

    private readonly CancellationTokenSource stop = new();
    private IPlaywright? playwright;
    private IBrowser? browser;
    private string folder = "";
    private Uri? address;

    private static bool IsAskedFor => Environment.GetEnvironmentVariable("CI") == "true" || Environment.GetEnvironmentVariable("CHAINRULE_BROWSER") == "1";

    public async ValueTask InitializeAsync()
    {
        if (!IsAskedFor)
        {
            return;
        }

        Assert.True(File.Exists(Chromium), $"There is no {Chromium}: install Debian's chromium.");
        folder = Environment.GetEnvironmentVariable("CHAINRULE_SITE") ?? await PlaygroundFiles.FindAsync(CommandOutput.Open(json: false, quiet: true), TestContext.Current.CancellationToken);
        address = Serve("/");
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
        await stop.CancelAsync();
        stop.Dispose();
    }

    /// <summary>Opens the page in a browser of its own; skips the test where browsers are not asked for.</summary>
    /// <param name="hash">What stands behind the address, e.g. #lesson=3.</param>
    /// <param name="width">The width of the window.</param>
    /// <param name="height">Its height.</param>
    /// <param name="isDark">Whether the system prefers dark colours.</param>
    /// <param name="basePath">The path on the host that the page stands under.</param>
    /// <param name="hasTouch">Whether it is a device with a screen to be touched, and no mouse.</param>
    /// <param name="reducesMotion">Whether the system asks for less motion.</param>
    public async Task<OpenPage> OpenAsync(
        string hash = "", int width = 1440, int height = 1000, bool isDark = false, string? basePath = null, bool hasTouch = false, bool reducesMotion = false)
    {
        Assert.SkipUnless(IsAskedFor, "Browser tests publish the playground, which takes a minute: set CHAINRULE_BROWSER=1 to run them.");
        IBrowserContext context = await browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            HasTouch = hasTouch,
            IsMobile = hasTouch,
            ReducedMotion = reducesMotion ? ReducedMotion.Reduce : ReducedMotion.NoPreference,
            Locale = "en-GB",
            AcceptDownloads = true,
        });
        var page = new OpenPage(await context.NewPageAsync(), Path.Combine(repository, "artifacts", "screenshots"));
        await page.GoToAsync($"{(basePath is null ? address : Serve(basePath))}{hash}");
        return page;
    }

    /// <summary>Serves the page as chainrule playground does, with all its headers.</summary>
    private Uri Serve(string basePath)
    {
        FileServer server = FileServer.TryStart(folder, FileServer.FreePort(), basePath)!;
        _ = server.RunAsync(stop.Token);
        return server.Address;
    }
}
