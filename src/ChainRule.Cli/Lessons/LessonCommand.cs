using System.CommandLine;
using ChainRule.Cli.Output;
using ChainRule.Lessons;
using ChainRule.Lessons.Text;

namespace ChainRule.Cli.Lessons;

/// <summary><c>chainrule lesson</c>: what it takes.</summary>
internal static class LessonCommand
{
    public static Command Create()
    {
        var defaults = new LessonOptions();
        var section = new Argument<Section?>("SECTION")
        {
            Description = "1 to 6, or summary. Without it the whole lesson is shown. For the bug lab: chainrule lesson bugs.",
            HelpName = "SECTION",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = result => Enum.GetValues<Section>().Cast<Section?>().FirstOrDefault(candidate => candidate!.Value.Key() == result.Tokens[0].Value)
                ?? OptionFactory.Reject<Section?>(result, "SECTION", "1 to 6 or summary"),
        };
        var list = new Option<bool>("--list") { Description = "List the sections." };
        Option<Language?> language = OptionFactory.Language();
        Option<long?> seed = OptionFactory.WholeNumber("--seed", $"Seed of the random first weights. [default: {defaults.Seed}; section 5: {defaults.GradientCheckSeed}]", 0, uint.MaxValue);
        Option<long?> epochs = OptionFactory.WholeNumber("--epochs", $"Epochs of training in section 4. [default: {defaults.Epochs}]", 1, LessonOptions.MaximumEpochs);
        Option<long?> hidden = OptionFactory.WholeNumber("--hidden", $"Hidden units of the network. [default: {defaults.Hidden}; section 5: {defaults.GradientCheckHidden}]", 1, LessonOptions.MaximumHidden);
        Option<double?> learningRate = OptionFactory.PositiveNumber("--learning-rate", FormattableString.Invariant($"Learning rate of training in section 4. [default: {defaults.LearningRate}]"), "--lr");
        var output = new Option<string?>("--output", "-o") { Description = "Folder for the loss curve, xor_loss.png and xor_loss.svg. [default: the current folder]", HelpName = "DIR" };
        var noPlot = new Option<bool>("--no-plot") { Description = "Save no picture of the loss curve." };
        Option<bool> json = OptionFactory.Json();
        Option<bool> quiet = OptionFactory.Quiet();

        var command = new Command("lesson", "Learn backpropagation in six short sections, with every number computed live and proved.")
        {
            section, list, language, seed, epochs, hidden, learningRate, output, noPlot, json, quiet, BugsCommand.Create(),
        };
        command.SetAction((call, cancellationToken) =>
        {
            LessonText text = LessonText.In(call.GetValue(language) ?? UserLanguage.Detect());
            CommandOutput commandOutput = CommandOutput.Open(call.GetValue(json), call.GetValue(quiet));
            if (call.GetValue(list))
            {
                return Task.FromResult(LessonRun.List(text, commandOutput));
            }

            Section[] sections = call.GetValue(section) is { } one ? [one] : Enum.GetValues<Section>();
            bool draws = sections.Contains(Section.Xor) && !call.GetValue(noPlot);
            string? folder = call.GetValue(output);
            OutputFolder? outputFolder = draws || folder is not null ? OutputFolder.Open(folder ?? ".", "--output") : null;
            var options = new LessonOptions
            {
                Seed = (uint)(call.GetValue(seed) ?? defaults.Seed),
                Epochs = (int)(call.GetValue(epochs) ?? defaults.Epochs),
                Hidden = (int)(call.GetValue(hidden) ?? defaults.Hidden),
                LearningRate = call.GetValue(learningRate) ?? defaults.LearningRate,
                GradientCheckSeed = (uint)(call.GetValue(seed) ?? defaults.GradientCheckSeed),
                GradientCheckHidden = (int)(call.GetValue(hidden) ?? defaults.GradientCheckHidden),
            };
            var run = new LessonRun(new Lesson(options), text, commandOutput, draws ? outputFolder : null);
            return Task.FromResult(run.Show(sections, cancellationToken));
        });
        return command;
    }
}
