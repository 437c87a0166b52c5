using Microsoft.Playwright;

namespace ChainRule.Browser.Tests;

/// <summary>The inspector as its users meet it.</summary>
public sealed class InspectorPageTests(Site site)
{
    [Fact]
    public async Task Any_weight_bias_or_neuron_can_be_reached_with_the_keyboard_alone_and_its_opinions_agree()
    {
        await using OpenPage page = await site.OpenAsync("#lesson=4");
        await page.Find("#n1-0").FocusAsync();
        foreach ((string key, string subject) in new[]
        {
            ("ArrowDown", "neuron 1 of layer 1"), ("w", "weight from input 0 to neuron 1 of layer 1"), ("w", "weight from input 1 to neuron 1 of layer 1"), ("b", "bias of neuron 1 of layer 1"),
            ("ArrowRight", "output neuron 0"), ("b", "bias of output neuron 0"),
        })
        {
            await page.Page.Keyboard.PressAsync(key);
            await Assertions.Expect(page.Find("[data-testid=subject]")).ToContainTextAsync(subject);
            await Assertions.Expect(page.Find("[data-testid=verdict]")).ToHaveCountAsync(1);
            double[] opinions = [await page.NumberAsync("[data-testid=by-hand]"), await page.NumberAsync("[data-testid=path-sum]"), await page.NumberAsync("[data-testid=autodiff]")];
            Assert.All(opinions, opinion => Assert.Equal(opinions[0], opinion, 1e-9));
        }
    }

    [Fact]
    public async Task A_click_on_a_line_explains_its_weight_and_sums_unfold_to_the_loss()
    {
        await using OpenPage page = await site.OpenAsync("#lesson=6");
        await page.Find("[data-key=W2-3-0]").EvaluateAsync(
            """
            line => {
              const middle = line.getPointAtLength(line.getTotalLength() / 2);
              const place = new DOMPoint(middle.x, middle.y).matrixTransform(line.getScreenCTM());
              line.dispatchEvent(new MouseEvent('click', { bubbles: true, clientX: place.x, clientY: place.y }));
            }
            """);
        await Assertions.Expect(page.Find("[data-testid=subject]")).ToContainTextAsync("weight from neuron 3 of layer 1 to output neuron 0");
        while (await page.Find("#inspector details.term:not([open]) > summary").CountAsync() is > 0 and var before)
        {
            await page.Find("#inspector details.term:not([open]) > summary").First.ClickAsync();
            Assert.InRange(before, 1, 20);
        }

        Assert.Equal(4, await page.Find("#inspector .term.leaf").CountAsync());
        await Assertions.Expect(page.Find("#v-curve .series")).ToHaveCountAsync(2);

        // A factor lights up what it belongs to, pointed at or with the focus.
        await page.Find("#inspector .term.leaf .factor").First.HoverAsync();
        Assert.True(await page.Find("#picture .lit").CountAsync() > 0);
        await page.Find("#inspector details.term > summary").First.FocusAsync();
        Assert.True(await page.Find("#picture .lit").CountAsync() > 0);
        await page.AssertAccessibleAsync("#inspector");
        await page.TakePictureAsync("inspector");
    }

    [Fact]
    public async Task A_value_that_is_edited_changes_prediction_and_gradient()
    {
        await using OpenPage page = await site.OpenAsync("#lesson=2");
        Assert.Equal("0.7016", await page.TextAsync("[data-testid=prediction]"));
        Assert.Equal(-0.2498, await page.NumberAsync("[data-testid=gradient]"), 5e-5);
        await page.Find("#edit-value").FillAsync("3");
        await page.Find("#edit-value").PressAsync("Enter");
        await Assertions.Expect(page.Find("[data-testid=prediction]")).Not.ToHaveTextAsync("0.7016");
        Assert.Equal("Pass", await page.Find("[data-testid=verdict]").GetAttributeAsync("data-verdict"));
        Assert.Equal(3, (await page.StateAsync()).GetProperty("parameters")[0][0].GetDouble());
    }

    /// <summary>Editing, unfolding and the V-curve in Korean, in the dark, on a phone: nothing is wider than the window.</summary>
    [Theory]
    [InlineData(390, 844)]
    [InlineData(360, 640)]
    public async Task Nothing_is_wider_than_a_phone(int width, int height)
    {
        await using OpenPage page = await site.OpenAsync("#lesson=6&language=ko", width, height, isDark: true);
        await page.UnfoldAsync("take");
        await page.Find("#code-py").ClickAsync();
        await page.Find("#inspect-kind").SelectOptionAsync("neuron");
        await page.Find("#inspect-kind").SelectOptionAsync("weight");
        Assert.Equal(width, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await page.AssertAccessibleAsync();
        await page.TakePictureAsync($"phone-{width}");
    }
}
