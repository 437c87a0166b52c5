using System.Text.Json;
using Microsoft.Playwright;

namespace ChainRule.Browser.Tests;

/// <summary>The frame of the page: training, time, data, the network editor, what happens when numbers break.</summary>
public sealed class FramePageTests(Site site)
{
    [Fact]
    public async Task Playing_trains_xor_to_a_loss_below_a_hundredth()
    {
        await using OpenPage page = await site.OpenAsync("#lesson=4");
        await page.Find("#speed").SelectOptionAsync(new SelectOptionValue { Index = 6 });
        await page.Find("#play").ClickAsync();
        await page.WaitForAsync(state => state.GetProperty("epochLoss") is { ValueKind: JsonValueKind.Number } loss && loss.GetDouble() < 0.01);
        await page.Find("#play").ClickAsync();
        Assert.False((await page.StateAsync()).GetProperty("playing").GetBoolean());
        Assert.Equal("100%", await page.TextAsync("[data-testid=accuracy]"));
    }

    /// <summary>The losses that the lesson prints, seen on the page at 400 and at 2,000 epochs, forward and backward.</summary>
    [Fact]
    public async Task The_time_bar_shows_the_lessons_losses()
    {
        await using OpenPage page = await site.OpenAsync("#lesson=summary");
        foreach ((int step, string loss) in new[] { (2000, "0.000131"), (400, "0.001076"), (1200, "0.000247"), (800, "0.000418"), (2000, "0.000131") })
        {
            await RewindAsync(page, step);
            await Assertions.Expect(page.Find("[data-testid=epoch]")).ToHaveTextAsync(step.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture));
            await Assertions.Expect(page.Find("[data-testid=epoch-loss]")).ToHaveTextAsync(loss);
        }
    }

    [Fact]
    public async Task Steps_of_every_grain_rewinding_and_repeating_give_the_same_bits()
    {
        await using OpenPage page = await site.OpenAsync();
        foreach (string grain in new[] { "Operation", "Layer", "Forward", "Loss", "Backward", "Batch", "Epoch", "Epoch" })
        {
            await page.Find("#grain").SelectOptionAsync(grain);
            await page.Find("#step").ClickAsync();
        }

        JsonElement reached = await page.StateAsync();
        int step = reached.GetProperty("step").GetInt32();
        Assert.True(step > 2, $"Only {step} steps.");
        await RewindAsync(page, 1);
        Assert.Equal(1, (await page.StateAsync()).GetProperty("step").GetInt32());
        Assert.NotEqual(Bits(reached), Bits(await page.StateAsync()));
        await RewindAsync(page, step);
        Assert.Equal(Bits(reached), Bits(await page.StateAsync()));
        await page.Find("#grain").SelectOptionAsync("Operation");
        await page.Find("#back").ClickAsync();
        await page.Find("#step").ClickAsync();
        Assert.Equal(Bits(reached), Bits(await page.StateAsync()));

        // The same start, and the same way from there.
        await page.Find("#reset").ClickAsync();
        Assert.Equal(0, (await page.StateAsync()).GetProperty("step").GetInt32());
        string start = Bits(await page.StateAsync());
        await page.Page.EvaluateAsync("playground.measure(1)");
        await page.Find("#reset").ClickAsync();
        Assert.Equal(start, Bits(await page.StateAsync()));
        await page.Find("#new-start").ClickAsync();
        Assert.NotEqual(start, Bits(await page.StateAsync()));
    }

    [Fact]
    public async Task The_whole_way_can_be_gone_with_the_keyboard_alone()
    {
        await using OpenPage page = await site.OpenAsync();
        IKeyboard keyboard = page.Page.Keyboard;
        await keyboard.PressAsync("Tab");
        Assert.Equal("skip", await page.Page.EvaluateAsync<string>("document.activeElement.className"));
        await TabToAsync(page, "data-kind");
        await keyboard.PressAsync("x"); // chooses XOR by its first letter
        await Assertions.Expect(page.Find("[data-testid=data-summary]")).ToContainTextAsync("XOR");
        await TabToAsync(page, "more-1");
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Find("[data-testid=units-1]")).ToHaveTextAsync("9");
        await TabToAsync(page, "play", back: true);
        await keyboard.PressAsync("Enter");
        await page.WaitForAsync(state => state.GetProperty("step").GetInt32() > 20);
        await keyboard.PressAsync("Enter");
        await keyboard.PressAsync("Tab");
        await keyboard.PressAsync(",");
        await TabToAsync(page, "time");
        await keyboard.PressAsync("Home");
        await page.WaitForAsync(state => state.GetProperty("step").GetInt32() == 0);
        await keyboard.PressAsync(".");
        await page.WaitForAsync(state => state.GetProperty("operation").GetInt32() == 1);
    }

    [Fact]
    public async Task Own_data_can_be_pasted_chosen_dropped_and_drawn()
    {
        await using OpenPage page = await site.OpenAsync();
        await page.Find("#own-data > summary").ClickAsync();
        await page.Find("#csv-text").FillAsync("width,height,kind\n1,2,cat\n3,1,dog\n1.5,2.5,cat\n3.5,0.5,dog\n2.5,0.6,dog\n");
        await page.Find("#csv-use").ClickAsync();
        await Assertions.Expect(page.Find("[data-testid=data-summary]")).ToContainTextAsync("2 classes");
        await Assertions.Expect(page.Find("#answers")).ToContainTextAsync("cat");

        await page.Find("#csv-file").SetInputFilesAsync(new FilePayload { Name = "flowers.csv", MimeType = "text/csv", Buffer = "a,b,c\n1,2,x\n2,1,y\n3,4,z\n4,3,x\n5,1,y\n1,5,z\n"u8.ToArray() });
        await Assertions.Expect(page.Find("[data-testid=data-summary]")).ToContainTextAsync("3 classes");
        await page.Find("#test-share").SelectOptionAsync("0");

        await page.Page.EvaluateAsync(
            """
            () => {
              const data = new DataTransfer();
              data.items.add(new File(['a,b\n1,0.5\n2,1.1\n3,1.4\n4,2.2\n'], 'line.csv', { type: 'text/csv' }));
              document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, dataTransfer: data }));
            }
            """);
        await Assertions.Expect(page.Find("[data-testid=data-summary]")).ToContainTextAsync("line.csv");

        await page.Find("#draw-points").ClickAsync();
        ILocator surface = page.Find("#surface");
        await surface.ScrollIntoViewIfNeededAsync();
        foreach ((int x, int y, bool other) in new[] { (60, 60, false), (80, 90, false), (200, 200, true), (220, 180, true) })
        {
            await surface.ClickAsync(new LocatorClickOptions { Position = new Position { X = x, Y = y }, Modifiers = other ? [KeyboardModifier.Shift] : [] });
        }

        await Assertions.Expect(page.Find("[data-testid=data-summary]")).ToContainTextAsync("4 samples");
        await page.Find("#draw-x1").FillAsync("0.5");
        await page.Find("#draw-add").ClickAsync();
        await Assertions.Expect(page.Find("[data-testid=data-summary]")).ToContainTextAsync("5 samples");
        await page.AssertAccessibleAsync();
        await page.TakePictureAsync("drawing");
        await page.Find("#draw-undo").ClickAsync();
        await Assertions.Expect(page.Find("[data-testid=data-summary]")).ToContainTextAsync("4 samples");
        await page.Find("#draw-points").ClickAsync();
        await page.Page.EvaluateAsync("playground.measure(200)");
        await Assertions.Expect(page.Find("[data-testid=accuracy]")).ToHaveTextAsync("100%");
    }

    [Theory]
    [InlineData("a,b,kind\n1,2,x\n1,oops,y\n", "line 3")]
    [InlineData("a,b,kind\n1,2,x\n1,2\n", "line 3")]
    [InlineData("just words", "")]
    public async Task Broken_csv_is_said_and_changes_nothing(string csv, string expected)
    {
        await using OpenPage page = await site.OpenAsync();
        string before = Bits(await page.StateAsync());
        await page.Find("#own-data > summary").ClickAsync();
        await page.Find("#csv-text").FillAsync(csv);
        await page.Find("#csv-use").ClickAsync();
        await Assertions.Expect(page.Find("[data-testid=message]")).ToContainTextAsync(expected);
        Assert.Equal(before, Bits(await page.StateAsync()));
        await page.Find("#step").ClickAsync();
        Assert.Equal(1, (await page.StateAsync()).GetProperty("operation").GetInt32());
    }

    [Fact]
    public async Task Numbers_that_break_are_explained_and_the_last_good_state_comes_back()
    {
        await using OpenPage page = await site.OpenAsync("#lesson=4");
        await page.Find("#lesson-end").ClickAsync();
        await page.Find("#data-kind").SelectOptionAsync("plane");
        await page.Find("#optimizer").SelectOptionAsync("Momentum");
        await page.Find("#learning-rate").FillAsync("90");
        await page.Find("#learning-rate").PressAsync("Enter");
        await page.Find("#speed").SelectOptionAsync(new SelectOptionValue { Index = 7 });
        await page.Find("#play").ClickAsync();
        await Assertions.Expect(page.Find("[data-testid=breakdown]")).ToContainTextAsync("Training stopped");
        Assert.Equal(1440, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")); // however long its numbers are
        await Assertions.Expect(page.Find("[data-testid=health] li").First).ToContainTextAsync("explodes");
        await page.TakePictureAsync("breakdown");
        await page.AssertAccessibleAsync();
        await page.Find("#go-back-slower").ClickAsync();
        await Assertions.Expect(page.Find("[data-testid=breakdown]")).ToHaveCountAsync(0);
        Assert.Equal("9", await page.Find("#learning-rate").InputValueAsync());
        Assert.All((await page.StateAsync()).GetProperty("parameters").EnumerateArray().SelectMany(values => values.EnumerateArray()), value => Assert.Equal(JsonValueKind.Number, value.ValueKind));
    }

    [Fact]
    public async Task The_network_can_be_as_deep_and_wide_as_promised_and_what_is_wrong_is_said()
    {
        await using OpenPage page = await site.OpenAsync();
        await page.Find("#v-curve-fold").ClickAsync(); // nobody reads it here, and it takes time
        foreach (string button in new[] { "add-layer", "more-1", "more-2", "more-3", "more-4", "more-5", "more-6" })
        {
            await page.Find($"#{button}").ClickAsync();
            await page.Page.EvaluateAsync(
                """
                async id => {
                  for (let clicks = 0; clicks < 20 && !document.getElementById(id).disabled; clicks++) {
                    document.getElementById(id).click();
                    await new Promise(requestAnimationFrame);
                  }
                }
                """,
                button);
        }

        Assert.Equal(6 * 16 + 1, await page.Find("#picture .neuron:not(.input)").CountAsync());
        Assert.Equal((2 * 16) + (5 * 16 * 16) + 16 + (6 * 16) + 1, await page.Find("#picture .entry").CountAsync());
        await page.Find("#step").ClickAsync();
        await page.TakePictureAsync("deep");
        await page.Find("#learning-rate").FillAsync("-1");
        await page.Find("#learning-rate").PressAsync("Enter");
        await Assertions.Expect(page.Find("[data-testid=message]")).ToContainTextAsync("from 0 to 100");
        Assert.Equal("0.1", await page.Find("#learning-rate").InputValueAsync());
    }

    [Theory]
    [InlineData("en", "Neuron 0 of layer 1 is dead", "Neuron 1 of layer 1 is saturated", "Neuron 2 of layer 1 explodes")]
    [InlineData("ko", "1층의 뉴런 0은 죽었습니다", "1층의 뉴런 1은 포화되었습니다", "1층의 뉴런 2")]
    public async Task Dead_saturated_and_exploding_neurons_are_marked_and_told_in_words(string language, string dead, string saturated, string exploding)
    {
        await using OpenPage page = await site.OpenAsync($"#lesson=4&language={language}");
        foreach ((string activation, int unit, string bias, string mark, string words) in new[]
        {
            ("Relu", 0, "-50", "dead", dead), ("Tanh", 1, "30", "saturated", saturated), ("Relu", 2, "1e7", "exploding", exploding),
        })
        {
            await page.Find("#activation-1").SelectOptionAsync(activation);
            await page.Find("#inspect-kind").SelectOptionAsync("bias");
            await page.Find("#inspect-to").SelectOptionAsync($"{unit}");
            await page.Find("#edit-value").FillAsync(bias);
            await page.Find("#edit-value").PressAsync("Enter");
            await Assertions.Expect(page.Find("[data-testid=health]")).ToContainTextAsync(words);
            await Assertions.Expect(page.Find($"#n1-{unit} .mark.{mark}")).ToHaveCountAsync(1);
        }

        await page.AssertAccessibleAsync("#network", "#inspector");
        await page.TakePictureAsync($"trouble-{language}");
    }

    [Fact]
    public async Task It_works_under_any_path_of_a_host()
    {
        await using OpenPage page = await site.OpenAsync("#lesson=2", basePath: "/courses/2026/");
        Assert.Equal("0.7016", await page.TextAsync("[data-testid=prediction]"));
    }

    /// <summary>The pictures that one would show: light, dark, Korean, a phone; and nobody is kept out of any of them.</summary>
    [Theory]
    [InlineData("light", 1440, 1000, false, "en")]
    [InlineData("dark", 1440, 1000, true, "en")]
    [InlineData("korean", 1440, 1000, false, "ko")]
    [InlineData("tablet", 900, 1100, false, "en")]
    [InlineData("phone", 390, 844, false, "en")]
    public async Task The_main_states_are_shown_without_a_serious_barrier(string name, int width, int height, bool isDark, string language)
    {
        await using OpenPage page = await site.OpenAsync($"#language={language}", width, height, isDark);
        Assert.Equal(language, await page.Page.EvaluateAsync<string>("document.documentElement.lang"));
        await page.Page.EvaluateAsync("playground.measure(300)");
        await page.Find("#grain").SelectOptionAsync("Loss");
        await page.Find("#step").ClickAsync();
        await page.Find("#grain").SelectOptionAsync("Layer");
        await page.Find("#step").ClickAsync();
        await page.Find("#step").ClickAsync();
        Assert.Equal(width, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await page.TakePictureAsync(name);

        // Then with everything unfolded: a planted bug with its story, the inspector's sums and paths, own data, a program to take along.
        await page.UnfoldEverythingAsync();
        await page.AssertAccessibleAsync();
        Assert.Equal(width, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await page.TakePictureAsync($"{name}-unfolded");
    }

    private static string Bits(JsonElement state) => state.GetProperty("parameters").GetRawText();

    /// <summary>Drags the time bar, as a range input tells it.</summary>
    private static async Task RewindAsync(OpenPage page, int step) =>
        await page.Find("#time").EvaluateAsync("(bar, step) => { bar.value = step; bar.dispatchEvent(new Event('input', { bubbles: true })); }", step);

    private static async Task TabToAsync(OpenPage page, string id, bool back = false)
    {
        for (int i = 0; i < 60; i++)
        {
            if (await page.Page.EvaluateAsync<string>("document.activeElement.id") == id)
            {
                return;
            }

            await page.Page.Keyboard.PressAsync(back ? "Shift+Tab" : "Tab");
        }

        Assert.Fail($"The Tab key does not lead to #{id}.");
    }
}
