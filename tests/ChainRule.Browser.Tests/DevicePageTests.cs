using Microsoft.Playwright;

namespace ChainRule.Browser.Tests;

/// <summary>The page under a finger, and for those who want it still.</summary>
public sealed class DevicePageTests(Site site)
{
    /// <summary>Choose a weight, rewind, draw: all that a mouse does, with a finger, and the page does not scroll away under it.</summary>
    [Theory]
    [InlineData("phone", 390, 844)]
    [InlineData("tablet", 820, 1180)]
    public async Task A_finger_chooses_rewinds_and_draws(string name, int width, int height)
    {
        await using OpenPage page = await site.OpenAsync("#lesson=4", width, height, hasTouch: true);
        await page.Find("#lesson-end").TapAsync();
        await page.Find("#picture").ScrollIntoViewIfNeededAsync();

        // A little beside the line, as fingers are.
        double[] middle = await page.Find("[data-key=W2-3-0]").EvaluateAsync<double[]>(
            """
            line => {
              const middle = line.getPointAtLength(line.getTotalLength() / 2);
              const place = new DOMPoint(middle.x, middle.y).matrixTransform(line.getScreenCTM());
              return [place.x, place.y];
            }
            """);
        await page.Page.Touchscreen.TapAsync((float)middle[0] + 2, (float)middle[1] + 2);
        await Assertions.Expect(page.Find("[data-testid=subject]")).ToContainTextAsync("weight from neuron 3 of layer 1 to output neuron 0");
        await page.Find("#n1-4 rect").TapAsync();
        await Assertions.Expect(page.Find("[data-testid=subject]")).ToContainTextAsync("neuron 4 of layer 1");

        await page.Page.EvaluateAsync("playground.measure(50)");
        await page.Find("#step").TapAsync();
        int last = await StepAsync(page);
        LocatorBoundingBoxResult bar = (await page.Find("#time").BoundingBoxAsync())!;
        Assert.InRange(bar.Height, 24, 60);
        Assert.InRange(bar.Width, 240, width);
        await DragAsync(page, (bar.X + bar.Width - 12, bar.Y + (bar.Height / 2)), (bar.X + (bar.Width / 2), bar.Y + (bar.Height / 2)));
        Assert.InRange(await StepAsync(page), last / 4, 3 * last / 4);

        await page.Find("#own-data > summary").TapAsync();
        await page.Find("#draw-points").TapAsync();
        await page.Find("#surface").ScrollIntoViewIfNeededAsync();
        foreach ((int x, int y) in new[] { (60, 60), (90, 80) })
        {
            await page.Find("#surface").TapAsync(new LocatorTapOptions { Position = new Position { X = x, Y = y } });
        }

        await Assertions.Expect(page.Find("[data-testid=data-summary]")).ToContainTextAsync("2 samples");
        LocatorBoundingBoxResult plane = (await page.Find("#surface").BoundingBoxAsync())!;
        await DragAsync(page, (plane.X + (plane.Width / 2), plane.Y + (plane.Height * 0.8)), (plane.X + (plane.Width / 2), plane.Y + (plane.Height * 0.3)));
        await Assertions.Expect(page.Find("[data-testid=data-summary]")).ToContainTextAsync("3 samples");
        Assert.Equal(plane.Y, (await page.Find("#surface").BoundingBoxAsync())!.Y, 8f);
        Assert.Equal(width, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await page.TakePictureAsync($"touch-{name}");
    }

    /// <summary>What flows is seen to move, or, where the system asks for it, to stand still.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Gradients_flow_unless_less_motion_is_wanted(bool isStill)
    {
        await using OpenPage page = await site.OpenAsync("#lesson=3", reducesMotion: isStill);
        await page.Find("#grain").SelectOptionAsync("Loss");
        await page.Find("#step").ClickAsync();
        await page.Find("#grain").SelectOptionAsync("Layer");
        await page.Find("#step").ClickAsync();
        await Assertions.Expect(page.Find("#picture .flow.backward path")).Not.ToHaveCountAsync(0);
        int moving = await page.Page.EvaluateAsync<int>("document.getAnimations().length");
        Assert.True(isStill ? moving == 0 : moving > 0, $"{moving} things move.");
    }

    /// <summary>Every control that can be seen is on the way of the Tab key, is seen when it is there, and leaves the page at the end.</summary>
    [Fact]
    public async Task The_Tab_key_leads_to_every_control_and_shows_where_it_is()
    {
        await using OpenPage page = await site.OpenAsync("#lesson=4");
        await page.UnfoldAsync("bugs");
        await page.UnfoldAsync("take");
        await page.Find("#own-data > summary").ClickAsync();
        await page.Page.EvaluateAsync(
            """
            () => {
              document.activeElement.blur();
              // Of a group of radio buttons only the chosen one is on the way; the arrow keys lead to the others.
              globalThis.missing = new Set([...document.querySelectorAll('button, select, input, textarea, a[href], summary')]
                .filter(control => control.offsetParent !== null && !control.disabled && (control.type !== 'radio' || control.checked)));
              globalThis.unseen = [];
              addEventListener('focusin', event => {
                const control = event.target;
                missing.delete(control);
                const place = control.getBoundingClientRect();
                const style = getComputedStyle(control.type === 'radio' ? control.nextElementSibling ?? control : (control.matches('g') ? control.querySelector('rect') : control));
                const bar = document.querySelector('.transport');
                const isCovered = !control.closest('.transport, .skip') && place.bottom <= bar.getBoundingClientRect().bottom && place.bottom > bar.getBoundingClientRect().top;
                const isMarked = style.outlineStyle !== 'none' || style.boxShadow !== 'none' || parseFloat(style.strokeWidth) >= 2;
                if (isCovered || !isMarked || place.bottom < 0 || place.top > innerHeight) {
                  unseen.push(control.id || control.textContent);
                }
              });
            }
            """);
        for (int i = 0; i < 150; i++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
        }

        Assert.Empty(await page.Page.EvaluateAsync<string[]>("[...missing].map(control => control.id || control.textContent)"));
        Assert.Empty(await page.Page.EvaluateAsync<string[]>("unseen"));
    }

    private static async Task<int> StepAsync(OpenPage page) => (await page.StateAsync()).GetProperty("step").GetInt32();

    /// <summary>Lays a finger down, moves it, and lifts it.</summary>
    private static async Task DragAsync(OpenPage page, (double X, double Y) from, (double X, double Y) to)
    {
        ICDPSession session = await page.Page.Context.NewCDPSessionAsync(page.Page);
        for (int i = 0; i <= 10; i++)
        {
            object[] finger = [new Dictionary<string, object> { ["x"] = from.X + ((to.X - from.X) * i / 10), ["y"] = from.Y + ((to.Y - from.Y) * i / 10) }];
            await session.SendAsync("Input.dispatchTouchEvent", new Dictionary<string, object> { ["type"] = i == 0 ? "touchStart" : "touchMove", ["touchPoints"] = finger });
        }

        await session.SendAsync("Input.dispatchTouchEvent", new Dictionary<string, object> { ["type"] = "touchEnd", ["touchPoints"] = Array.Empty<object>() });
        await session.DetachAsync();
    }
}
