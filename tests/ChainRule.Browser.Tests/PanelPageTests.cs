using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Serialization;
using ChainRule.Training;
using Microsoft.Playwright;

namespace ChainRule.Browser.Tests;

/// <summary>Curves, bug lab, lesson, and what can be taken along.</summary>
public sealed class PanelPageTests(Site site)
{
    private static readonly JsonElement lesson = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "fixtures", "lesson.json"))).RootElement;

    [Theory]
    [InlineData("en", false)]
    [InlineData("ko", true)]
    public async Task The_lesson_is_a_tour_of_seven_steps_with_links_and_no_serious_barrier(string language, bool isDark)
    {
        await using OpenPage page = await site.OpenAsync($"#lesson=1&language={language}", isDark: isDark);
        var titles = new List<string>();
        for (int step = 1; step <= 7; step++)
        {
            titles.Add(await page.TextAsync("#lesson-title"));
            Assert.Contains(step == 7 ? "lesson=summary" : $"lesson={step}", await page.Find("#lesson-link").GetAttributeAsync("href"), StringComparison.Ordinal);
            if (step is 1 or 2 or 5)
            {
                await page.TakePictureAsync($"lesson-{step}-{language}");
                await page.AssertAccessibleAsync(step == 1 ? [] : ["#lesson-step", "#inspector"]);
            }

            if (step < 7)
            {
                await page.Find("#lesson-next").ClickAsync();
                await Assertions.Expect(page.Find("#lesson-title")).Not.ToHaveTextAsync(titles[^1]);
            }
        }

        Assert.Equal(7, titles.Distinct().Count());
        Assert.Equal(language, await page.Page.EvaluateAsync<string>("document.documentElement.lang"));
        await page.Find("#lesson-end").ClickAsync();
        await Assertions.Expect(page.Find("#lesson-step")).ToHaveCountAsync(0);
    }

    /// <summary>The summary has trained XOR: the page shows the reference's last loss and its four predictions.</summary>
    [Fact]
    public async Task The_lessons_numbers_are_seen_on_the_page()
    {
        await using OpenPage page = await site.OpenAsync("#lesson=summary");
        string[] expected = [.. lesson.GetProperty("xor").GetProperty("predictions").EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Array ? value[0].GetDouble() : value.GetDouble()).Select(value => value.ToString("F4", System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(expected, await page.Find("[data-testid=prediction]").AllInnerTextsAsync());
        Assert.Equal(0.000131, (await page.StateAsync()).GetProperty("epochLoss").GetDouble(), 5e-7);
        await Assertions.Expect(page.Find("#loss-chart .series")).ToHaveCountAsync(1);
        await page.Find("#loss-chart").FocusAsync();
        await page.Page.Keyboard.PressAsync("End");
        Assert.Equal("epoch 2000", await page.TextAsync("[data-testid=loss-chart-reading]"));
    }

    [Fact]
    public async Task Each_bug_that_can_be_planted_turns_a_verdict()
    {
        await using OpenPage page = await site.OpenAsync("#lesson=4");
        await page.UnfoldAsync("bugs");
        string[] bugs = [.. (await page.Find("#bug option").EvaluateAllAsync<string[]>("options => options.map(option => option.value)")).Where(name => name.Length > 0)];
        Assert.True(bugs.Length >= 3, $"Only {bugs.Length} bugs.");
        foreach (string bug in bugs)
        {
            await page.Find("#bug").SelectOptionAsync(bug);
            await Assertions.Expect(page.Find("[data-testid=bug-story]")).ToHaveCountAsync(1);
            if (await page.Find("#bugs tr.failed").CountAsync() == 0)
            {
                // A bug that needs a batch before this one, or weights that have moved, shows steps later.
                await page.Find("#lesson-list").FocusAsync();
                await page.Page.EvaluateAsync("playground.measure(1)");
                await page.Find("#check").ClickAsync();
            }

            Assert.True(await page.Find("#bugs tr.failed").CountAsync() > 0, $"No verdict turns with {bug}.");
        }

        await page.AssertAccessibleAsync();
        await page.TakePictureAsync("bug-lab");
        await page.Find("#bug").SelectOptionAsync("");
        await Assertions.Expect(page.Find("#bugs tr.failed")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_hidden_bug_can_be_found()
    {
        await using OpenPage page = await site.OpenAsync("#lesson=4");
        await page.UnfoldAsync("bugs");
        await page.Find("#hide-bug").ClickAsync();
        await Assertions.Expect(page.Find("[data-testid=hidden-bug]")).ToHaveCountAsync(1);
        string bug = (await page.StateAsync()).GetProperty("bug").GetString()!;
        await page.Find("#guess").SelectOptionAsync(bug);
        await Assertions.Expect(page.Find("[data-testid=guess-right]")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task What_is_taken_along_computes_what_the_page_shows()
    {
        await using OpenPage page = await site.OpenAsync("#lesson=summary");
        await page.UnfoldAsync("take");
        JsonElement state = await page.StateAsync();
        double[] shown = [.. state.GetProperty("predictions").EnumerateArray().Select(value => value.GetDouble())];
        string file = await SaveAsync(page, "#save-safetensors");
        TrainedModel<double> model = ModelFile.Read<double>(file);
        Tensor<double> x = Tensor.Create([0.0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);

        // To rounding: a processor that multiplies and adds at once rounds once where the browser rounds twice.
        Assert.All(shown.Zip(model.Predict(x)), pair => Assert.Equal(pair.First, pair.Second, 1e-14));
        Assert.Equal(4, NpzFile.Read<double>(await SaveAsync(page, "#save-npz")).Tensors.Count);
        Assert.StartsWith("<svg", await File.ReadAllTextAsync(await SaveAsync(page, "#save-svg"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await File.ReadAllBytesAsync(await SaveAsync(page, "#save-png"), TestContext.Current.CancellationToken))[..4]);
        await page.Find("#code-cs").ClickAsync();
        Assert.Contains("new Linear<double>(2, 8, random)", await page.TextAsync("[data-testid=program-cs]"), StringComparison.Ordinal);
        await page.Find("#code-py").ClickAsync();
        Assert.Contains("nn.Linear(2, 8)", await page.TextAsync("[data-testid=program-py]"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_opened_elsewhere_has_the_same_bits()
    {
        string hash;
        string parameters;
        await using (OpenPage page = await site.OpenAsync())
        {
            await page.Page.EvaluateAsync("playground.measure(200)");
            await page.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
            await page.UnfoldAsync("take");
            await page.Find("#copy-link").ClickAsync();
            await Assertions.Expect(page.Find("[data-testid=take-said]")).ToHaveTextAsync("Copied.");
            string link = await page.Page.EvaluateAsync<string>("navigator.clipboard.readText()");
            hash = link[link.IndexOf('#', StringComparison.Ordinal)..];
            parameters = (await page.StateAsync()).GetProperty("parameters").GetRawText();
        }

        await using OpenPage other = await site.OpenAsync(hash);
        Assert.Equal(parameters, (await other.StateAsync()).GetProperty("parameters").GetRawText());
    }

    private static async Task<string> SaveAsync(OpenPage page, string button)
    {
        IDownload download = await page.Page.RunAndWaitForDownloadAsync(() => page.Find(button).ClickAsync());
        return await download.PathAsync();
    }
}
