using System.Globalization;
using Bunit;
using ChainRule.Lessons.BugLab;
using ChainRule.Lessons.Text;
using ChainRule.Playground.Components;
using ChainRule.Playground.Page;
using ChainRule.Playground.Session;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Xunit;

namespace ChainRule.Playground.Tests.Components;

public sealed class InspectorTests : IDisposable
{
    private readonly Parts parts = new(Setup.Lesson);

    private PageModel Model => parts.Model;

    public void Dispose() => parts.Dispose();

    [Fact]
    public void The_four_opinions_are_those_of_the_explanation_and_agree()
    {
        Model.Select(new Selection(new Entry(0, 0, 3)));
        IRenderedComponent<Inspector> inspector = parts.Render<Inspector>();
        Explained explained = Model.Run.Explain(new Entry(0, 0, 3));
        foreach ((string id, double value) in new[] { ("by-hand", explained.ByHand), ("path-sum", explained.Derivation.Opinions.Paths), ("autodiff", explained.Derivation.Opinions.Autodiff!.Value), ("numeric", explained.Derivation.Opinions.Numeric) })
        {
            Assert.Equal(value, Number(inspector.Find($"[data-testid={id}]").TextContent), 1e-10);
        }

        Assert.Equal("Pass", inspector.Find("[data-testid=verdict]").GetAttribute("data-verdict"));
    }

    /// <summary>Every sum unfolds until it arrives at the loss, whose derivative stands there as a formula.</summary>
    [Fact]
    public async Task Terms_unfold_down_to_the_loss()
    {
        Model.Select(new Selection(new Entry(0, 1, 2)));
        IRenderedComponent<Inspector> inspector = parts.Render<Inspector>();
        for (int i = 0; i < 100 && inspector.FindAll("details.term:not([open]) > summary") is { Count: > 0 } closed; i++)
        {
            await closed[0].ClickAsync(new MouseEventArgs());
        }

        Assert.Empty(inspector.FindAll("details.term:not([open])"));
        Assert.Equal(4, inspector.FindAll(".term.leaf").Count); // one for each sample: there is one output
        Assert.All(inspector.FindAll(".term > summary"), term => Assert.NotEmpty(term.GetAttribute("data-lights")!));
    }

    /// <summary>A neuron's activation is that of its own z, and gives its own number.</summary>
    [Fact]
    public void A_neuron_says_what_its_activation_makes_of_it()
    {
        Model.Select(new Selection(0, 4));
        IRenderedComponent<Inspector> inspector = parts.Render<Inspector>();
        string line = inspector.FindAll("[data-testid=neuron] p")[1].TextContent;
        Assert.Matches(@"^a4\(1\)=relu⁡?\(z4\(1\)\)=[0-9.]+$", line);
    }

    /// <summary>The terms that are not shown are added up themselves: as the difference to the whole, zeros would be what rounding left.</summary>
    [Fact]
    public void Terms_of_0_add_up_to_0()
    {
        using var other = new Parts(Setup.Default);
        other.Model.Session.Train(300);
        IRenderedComponent<Inspector> inspector = other.Render<Inspector>();
        for (int unit = 0; unit < 8; unit++)
        {
            int chosen = unit;
            other.Do(page => page.Select(new Selection(new Entry(0, 0, chosen))));
            Assert.All(inspector.FindAll(".terms .rest > span"), rest => Assert.DoesNotMatch(@"e−(1[6-9]|[2-9]\d)", rest.TextContent));
        }

        Assert.NotEmpty(inspector.FindAll(".terms .rest"));
    }

    [Fact]
    public async Task What_is_edited_by_hand_shows_everywhere()
    {
        Model.Select(new Selection(new Entry(1, 0, 0)));
        IRenderedComponent<Inspector> inspector = parts.Render<Inspector>();
        string before = inspector.Find("[data-testid=gradient]").TextContent;
        await inspector.Find("#edit-value").ChangeAsync(new ChangeEventArgs { Value = "1.25" });
        Assert.Equal(1.25, Model.Run.Value(new Entry(1, 0, 0)));
        Assert.Equal("1.25", inspector.Find("#edit-value").GetAttribute("value"));
        Assert.NotEqual(before, inspector.Find("[data-testid=gradient]").TextContent);

        await inspector.Find("#edit-value").ChangeAsync(new ChangeEventArgs { Value = "tomorrow" });
        Assert.Equal(1.25, Model.Run.Value(new Entry(1, 0, 0)));
        Assert.Contains("'tomorrow'", Model.Message, StringComparison.Ordinal);
    }

    /// <summary>Whoever reads the page by its focus hears one neuron: the keys must not act on another that was chosen before.</summary>
    [Fact]
    public void Keys_act_on_the_neuron_that_has_the_focus()
    {
        Model.Select(new Selection(new Entry(0, 0, 3)));
        IRenderedComponent<NetworkDrawing> picture = parts.Render<NetworkDrawing>();
        foreach ((string neuron, string key, string chosen) in new[]
        {
            ("n1-5", "w", "W1-0-5"), ("n1-5", "w", "W1-1-5"), ("n1-5", "w", "W1-0-5"), ("n1-5", "W", "W1-1-5"), ("n1-6", "b", "b1-6"), ("n2-0", "W", "W2-0-0"),
            ("n2-0", "W", "W2-7-0"), ("n1-2", "n", "n1-2"), ("n1-4", "ArrowUp", "n1-3"), ("n1-0", "ArrowRight", "n2-0"),
        })
        {
            picture.Find($"#{neuron}").KeyDown(key);
            Assert.Equal(chosen, Model.Selected.Key);
        }
    }

    [Fact]
    public async Task Everything_can_be_chosen_without_the_picture()
    {
        IRenderedComponent<Inspector> inspector = parts.Render<Inspector>();
        await inspector.Find("#inspect-layer").ChangeAsync(new ChangeEventArgs { Value = "1" });
        await inspector.Find("#inspect-from").ChangeAsync(new ChangeEventArgs { Value = "5" });
        Assert.Equal("W2-5-0", Model.Selected.Key);
        await inspector.Find("#inspect-kind").ChangeAsync(new ChangeEventArgs { Value = "bias" });
        Assert.Equal("b2-0", Model.Selected.Key);
        await inspector.Find("#inspect-layer").ChangeAsync(new ChangeEventArgs { Value = "0" });
        await inspector.Find("#inspect-to").ChangeAsync(new ChangeEventArgs { Value = "7" });
        await inspector.Find("#inspect-kind").ChangeAsync(new ChangeEventArgs { Value = "neuron" });
        Assert.Equal("n1-7", Model.Selected.Key);
        Assert.Contains("neuron 7 of layer 1", inspector.Find("[data-testid=subject]").TextContent, StringComparison.Ordinal);
        Assert.Equal(3, inspector.FindAll("table.numbers")[0].QuerySelectorAll("tbody tr").Length); // two weights and the bias
    }

    /// <summary>At its start XOR's first sample puts every hidden unit on ReLU's corner.</summary>
    [Fact]
    public void A_corner_is_called_a_kink()
    {
        Model.Select(new Selection(new Entry(0, -1, 0)));
        Assert.Equal("Kink", parts.Render<Inspector>().Find("[data-testid=verdict]").GetAttribute("data-verdict"));
    }

    [Fact]
    public void A_planted_bug_turns_the_verdict()
    {
        Model.Select(new Selection(new Entry(0, 0, 3)));
        Model.Plant(BugCatalogue.Find("mean-forgotten"));
        IRenderedComponent<Inspector> inspector = parts.Render<Inspector>();
        Assert.Equal("Fail", inspector.Find("[data-testid=verdict]").GetAttribute("data-verdict"));
        Assert.Equal(4 * Number(inspector.Find("[data-testid=numeric]").TextContent), Number(inspector.Find("[data-testid=by-hand]").TextContent), 1e-8);
    }

    /// <summary>What stands in another network than before must not be looked for in this one.</summary>
    [Theory]
    [InlineData(Language.English)]
    [InlineData(Language.Korean)]
    public void It_follows_when_the_network_changes_under_it(Language language)
    {
        Model.Dress(language, "auto");
        Model.Select(new Selection(new Entry(0, 1, 7)));
        IRenderedComponent<Inspector> inspector = parts.Render<Inspector>();
        foreach (HiddenLayer[] hidden in new[] { new HiddenLayer[] { new(2, Activation.Tanh) }, [], [new(3, Activation.None), new(3, Activation.Softplus)], [new(1, Activation.Relu), new(1, Activation.Relu), new(16, Activation.Gelu)] })
        {
            parts.Do(page => page.Change(setup => setup with { Network = setup.Network with { Hidden = hidden } }));
            foreach (Selection selection in new[] { new Selection(new Entry(0, 0, 0)), new Selection(0, 0), new Selection(hidden.Length, 0) })
            {
                parts.Do(page => page.Select(selection));
                Assert.Single(inspector.FindAll("[data-testid=verdict]"));
            }
        }

        parts.Do(page => page.Change(setup => setup with { Data = setup.Data with { Kind = "blobs", Samples = 30 }, Training = setup.Training with { Precision = Precision.Bits32 } }));
        Assert.Single(inspector.FindAll("[data-testid=verdict]"));
    }

    [Fact]
    public void Numbers_that_are_none_are_not_explained()
    {
        Model.Change(setup => setup with { Data = setup.Data with { Kind = "plane" }, Training = setup.Training with { LearningRate = 100 } });
        Model.Session.Train(1000);
        Assert.NotNull(Model.Run.Breakdown);
        Assert.Contains(Model.Text.Inspector.NotFinite, parts.Render<Inspector>().Markup, StringComparison.Ordinal);
    }

    private static double Number(string text) => double.Parse(text.Replace('−', '-'), CultureInfo.InvariantCulture);
}
