using Bunit;
using ChainRule.Lessons.BugLab;
using ChainRule.Lessons.Text;
using ChainRule.Playground.Components;
using ChainRule.Playground.Page;
using ChainRule.Playground.Session;
using Xunit;

namespace ChainRule.Playground.Tests.Components;

/// <summary>The bug lab, the lesson, the curves, and what can be taken along.</summary>
public sealed class PanelTests
{
    public static TheoryData<string, Language> LessonSteps => [.. LessonStep.All.SelectMany(step => Enum.GetValues<Language>().Select(language => (step.Id, language)))];

    /// <summary>Whoever looks for the bug must not be told which it is.</summary>
    [Fact]
    public void A_hidden_bug_shows_in_the_verdicts_alone_until_it_is_found()
    {
        using var parts = new Parts(Setup.Lesson);
        parts.Model.Hide();
        PlantedBug bug = parts.Model.Run.Bug!;
        IRenderedComponent<BugLabPanel> panel = parts.Render<BugLabPanel>();
        Assert.Empty(panel.FindAll("[data-testid=bug-story]"));
        Assert.Empty(panel.FindAll("#bug"));
        Assert.NotEmpty(panel.FindAll("tr.failed"));

        PlantedBug other = parts.Model.Run.PlantableBugs.First(candidate => candidate != bug);
        panel.Find("#guess").Change(other.Name);
        Assert.Single(panel.FindAll("[data-testid=guess-wrong]"));
        Assert.Empty(panel.FindAll("[data-testid=bug-story]"));
        panel.Find("#guess").Change(bug.Name);
        Assert.Single(panel.FindAll("[data-testid=guess-right]"));
        Assert.Contains(bug.Code.Wrong, panel.Find("[data-testid=bug-story]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_bug_that_can_be_planted_turns_a_verdict_and_can_be_taken_out()
    {
        using var parts = new Parts(Setup.Lesson);
        parts.Model.Plant(parts.Model.Run.PlantableBugs[0]);
        IRenderedComponent<BugLabPanel> panel = parts.Render<BugLabPanel>();
        foreach (PlantedBug bug in parts.Model.Run.PlantableBugs)
        {
            panel.Find("#bug").Change(bug.Name);
            Assert.Equal(bug, parts.Model.Run.Bug);
            if (panel.FindAll("tr.failed").Count == 0)
            {
                // A bug that needs a batch before this one, or weights that have moved, shows a step later.
                parts.Model.Session.Train(3);
                panel.Find("#check").Click();
            }

            Assert.True(panel.FindAll("tr.failed").Count > 0, $"No verdict turns with {bug.Name}.");
            panel.Find("#bug").Change("");
            Assert.Null(parts.Model.Run.Bug);
            Assert.Empty(panel.FindAll("tr.failed"));
            parts.Do(page => page.Reset());
        }
    }

    /// <summary>Beside the run with the mistake its curve without: from the same weights, so that only the mistake makes the difference.</summary>
    [Fact]
    public void The_curve_without_the_mistake_shows_how_training_suffers()
    {
        using var parts = new Parts(Setup.Lesson);
        parts.Model.Session.Train(5);
        TrainingRun right = TrainingRun.Start(Setup.Lesson);
        right.Train(60);
        IRenderedComponent<PlotPanel> panel = parts.Render<PlotPanel>();
        Assert.Single(panel.FindAll("#loss-chart .series"));
        parts.Do(page => page.Plant(BugCatalogue.Find("mean-forgotten")));
        parts.Do(page =>
        {
            page.Session.Train(55);
            page.Show(page.View);
        });
        Assert.Equal(2, panel.FindAll("#loss-chart .series").Count);
        panel.Find("#loss-chart").KeyDown("End");
        string[] values = [.. panel.FindAll("figure")[0].QuerySelectorAll(".legend b").Select(value => value.TextContent)];
        Assert.Equal(Playground.Text.Numbers.Brief(right.EpochLoss), values[1]);
        Assert.NotEqual(values[0], values[1]);
        parts.Do(page => page.Plant(null));
        Assert.Single(panel.FindAll("#loss-chart .series"));
    }

    /// <summary>The example shows lines as lines.</summary>
    [Fact]
    public void The_example_of_a_csv_has_three_lines()
    {
        using var parts = new Parts(Setup.Lesson);
        IRenderedComponent<DataPanel> panel = parts.Render<DataPanel>();
        Assert.Equal(["x1,x2,label", "0.5,-1,yes", "-0.3,0.8,no"], panel.Find("#csv-text").GetAttribute("placeholder")!.Split('\n'));
    }

    [Fact]
    public void In_single_precision_it_offers_double()
    {
        using var parts = new Parts(Setup.Lesson);
        parts.Model.Plant(parts.Model.Run.PlantableBugs[0]);
        IRenderedComponent<BugLabPanel> panel = parts.Render<BugLabPanel>();
        parts.Do(page => page.Change(setup => setup with { Training = setup.Training with { Precision = Precision.Bits32 } }));
        panel.Find("#use-double").Click();
        Assert.Equal(Precision.Bits64, parts.Model.Run.Setup.Training.Precision);
        Assert.Single(panel.FindAll("#bug"));
    }

    [Theory]
    [MemberData(nameof(LessonSteps))]
    public void Every_step_of_the_lesson_has_its_text_and_leads_on(string id, Language language)
    {
        using var parts = new Parts(language: language);
        IRenderedComponent<LessonPanel> panel = parts.Render<LessonPanel>();
        Assert.Equal("", panel.Markup.Trim());
        parts.Do(page => page.Begin(LessonStep.Find(id)));
        LessonText lesson = LessonText.In(language);
        LessonStep step = LessonStep.Find(id)!;
        Assert.Equal(step.Title(lesson), panel.Find("#lesson-title").TextContent);
        Assert.All(step.Paragraphs(lesson), paragraph => Assert.Contains(panel.FindAll(".reading-text p"), shown => shown.TextContent == paragraph));
        Assert.Contains($"lesson={id}&", panel.Find("#lesson-link").GetAttribute("href"), StringComparison.Ordinal);
        Assert.Equal(id == LessonStep.All[^1].Id, panel.Find("#lesson-next").HasAttribute("disabled"));
        panel.Find("#lesson-end").Click();
        Assert.Null(parts.Model.Lesson);
    }

    [Fact]
    public void Curves_have_a_line_for_each_layer_and_tell_values_to_the_keyboard()
    {
        using var parts = new Parts(Setup.Default);
        parts.Model.Session.Train(parts.Model.Run.BatchesPerEpoch * 30);
        IRenderedComponent<PlotPanel> panel = parts.Render<PlotPanel>();
        Assert.Equal(3, panel.FindAll("#gradient-chart .series").Count);
        Assert.Equal(2, panel.FindAll("#loss-chart .series").Count); // train and test
        Assert.All(panel.FindAll("svg .tick"), tick => Assert.NotEmpty(tick.TextContent));
        panel.Find("#loss-chart").KeyDown("End");
        Assert.Equal("epoch 30", panel.Find("[data-testid=loss-chart-reading]").TextContent);
        panel.Find("#loss-chart").KeyDown("ArrowLeft");
        Assert.Equal("epoch 29", panel.Find("[data-testid=loss-chart-reading]").TextContent);
        parts.Do(page => page.Point("loss-chart", 0));
        Assert.Equal("epoch 1", panel.Find("[data-testid=loss-chart-reading]").TextContent);
        parts.Do(page => page.Point("loss-chart", -1));
        Assert.Equal("", panel.Find("[data-testid=loss-chart-reading]").TextContent);
    }

    /// <summary>Numbers that overflow are shown as what they are; no panel breaks over them.</summary>
    [Theory]
    [InlineData(1e300, Precision.Bits64)]
    [InlineData(-1e160, Precision.Bits64)]
    [InlineData(3e38, Precision.Bits32)]
    public void Enormous_weights_break_no_panel(double weight, Precision precision)
    {
        using var parts = new Parts(Setup.Default with { Training = Setup.Default.Training with { Precision = precision, Loss = Training.LossKind.MeanSquaredError } });
        PageModel page = parts.Model;
        page.Plant(page.Run.PlantableBugs is [var bug, ..] ? bug : null);
        for (int unit = 0; unit < 4; unit++)
        {
            page.Session.Edit(new Entry(0, 0, unit), weight);
            page.Session.Edit(new Entry(1, unit, unit), weight);
        }

        page.Session.Edit(new Entry(2, 0, 0), weight);
        IRenderedComponent<TakeAlongPanel> take = parts.Render<TakeAlongPanel>();
        take.Find("summary").Click();
        take.Find("#code-py").Click();
        IRenderedComponent<Inspector> inspector = parts.Render<Inspector>();
        parts.Render<PlotPanel>();
        parts.Render<BugLabPanel>();
        parts.Render<LessonPanel>();
        for (int step = 0; step < 3; step++)
        {
            foreach (Selection selection in new[] { new Selection(new Entry(0, 0, 0)), new Selection(new Entry(1, -1, 0)), new Selection(1, 2), new Selection(2, 0) })
            {
                parts.Do(model => model.Select(selection));
                Assert.NotEmpty(inspector.Find("[data-testid=subject]").TextContent);
            }

            parts.Do(model =>
            {
                model.Judge();
                model.Session.Train(20);
                model.Select(model.Selected);
            });
        }
    }

    [Fact]
    public void The_code_to_take_along_has_the_weights_of_this_moment()
    {
        using var parts = new Parts(Setup.Lesson);
        IRenderedComponent<TakeAlongPanel> panel = parts.Render<TakeAlongPanel>();
        panel.Find("summary").Click();
        panel.Find("#code-cs").Click();
        panel.Find("#code-py").Click();
        double weight = parts.Model.Run.Value(new Entry(0, 0, 0));
        foreach (string extension in new[] { "cs", "py" })
        {
            Assert.Contains(Playground.Text.Numbers.Exact(weight), panel.Find($"[data-testid=program-{extension}]").TextContent, StringComparison.Ordinal);
        }

        panel.Find("#copy-link").Click();
        Assert.Contains(parts.Model.ToHash(), panel.Find("#uncopied").TextContent, StringComparison.Ordinal); // there is no browser to copy it
    }
}
