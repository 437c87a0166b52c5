using System.Text.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ChainRule.Browser.Tests;

/// <summary>The playground in a browser. When it is closed there must have been no error in the console.</summary>
public sealed class OpenPage : IAsyncDisposable
{
    private readonly List<string> errors = [];

    internal OpenPage(IPage page, string pictures)
    {
        Page = page;
        Pictures = pictures;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                errors.Add(message.Text);
            }
        };
        page.PageError += (_, error) => errors.Add(error);
    }

    public IPage Page { get; }

    /// <summary>Where pictures of the page go.</summary>
    public string Pictures { get; }

    public async ValueTask DisposeAsync()
    {
        await Page.Context.CloseAsync();
        Assert.Empty(errors);
    }

    /// <summary>Goes to an address and waits until the network is there.</summary>
    public async Task GoToAsync(string address)
    {
        await Page.GotoAsync(address);
        await Page.WaitForSelectorAsync("#picture", new PageWaitForSelectorOptions { Timeout = 60_000 });
    }

    /// <summary>An element by its id or selector.</summary>
    public ILocator Find(string selector) => Page.Locator(selector);

    /// <summary>What an element says.</summary>
    public async Task<string> TextAsync(string selector) => (await Page.Locator(selector).First.InnerTextAsync()).Trim();

    /// <summary>A number that the page shows, with its typographical minus.</summary>
    public async Task<double> NumberAsync(string selector) =>
        double.Parse((await TextAsync(selector)).Replace('−', '-').Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The numbers of the run.</summary>
    public async Task<JsonElement> StateAsync() => (await Page.EvaluateAsync<JsonElement?>("playground.state()"))!.Value;

    /// <summary>Waits until the run is as wanted. The page's security policy lets no script be made of text, so it is asked again and again.</summary>
    public async Task WaitForAsync(Func<JsonElement, bool> isReached)
    {
        for (int i = 0; i < 600; i++)
        {
            if (isReached(await StateAsync()))
            {
                return;
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"It did not come to it: {await StateAsync()}");
    }

    /// <summary>Unfolds a panel that starts folded up.</summary>
    public async Task UnfoldAsync(string panel)
    {
        if (await Page.Locator($"#{panel} > details").GetAttributeAsync("open") is null)
        {
            await Page.Locator($"#{panel} > details > summary").ClickAsync();
        }
    }

    /// <summary>Unfolds every panel and what is folded up inside, with a bug planted and a program shown.</summary>
    public async Task UnfoldEverythingAsync()
    {
        foreach (string panel in new[] { "bugs", "take" })
        {
            await UnfoldAsync(panel);
        }

        string bug = (await Find("#bug option").EvaluateAllAsync<string[]>("options => options.map(option => option.value).filter(name => name.length > 0)"))[0];
        await Find("#bug").SelectOptionAsync(bug);
        await Assertions.Expect(Find("[data-testid=bug-story]")).ToHaveCountAsync(1);
        await Find("#code-py").ClickAsync();
        await Assertions.Expect(Find("[data-testid=program-py]")).ToHaveCountAsync(1);

        foreach (string fold in new[] { "#own-data > summary", "#paths", "#inspector .term:not([open]) > summary" })
        {
            await Find(fold).First.ClickAsync();
        }
    }

    /// <summary>Takes a picture of the whole page into artifacts/screenshots.</summary>
    public async Task TakePictureAsync(string name)
    {
        // The bar at the top stays where the window is: there it must be at the top.
        await Page.EvaluateAsync("scrollTo(0, 0)");
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, $"{name}.png"), FullPage = true });
    }

    /// <summary>Has axe-core look at the page: nothing that is serious.</summary>
    /// <param name="parts">The parts to look at; all where none is named.</param>
    public async Task AssertAccessibleAsync(params string[] parts)
    {
        List<AxeSelector> looked = [.. parts.Select(part => new AxeSelector(part))];
        AxeResult result = looked.Count == 0 ? await Page.RunAxe() : await Page.RunAxe(new AxeRunContext { Include = looked });
        IEnumerable<string> serious = result.Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}");
        Assert.Empty(serious);
    }
}
