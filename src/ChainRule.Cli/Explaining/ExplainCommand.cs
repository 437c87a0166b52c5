using System.CommandLine;
using ChainRule.Cli.Output;
using ChainRule.Cli.Training;
using ChainRule.Lessons.Text;
using ChainRule.Training;

namespace ChainRule.Cli.Explaining;

/// <summary><c>chainrule explain</c>: what it takes.</summary>
internal static class ExplainCommand
{
    private const int UsualPaths = 12;
    private const int UsualPathsOfDocument = 1000;

    public static Command Create()
    {
        var model = new Argument<string?>("MODEL") { Description = "A model that chainrule train --save wrote.", Arity = ArgumentArity.ZeroOrOne };
        var data = new Option<string?>("--data") { Description = $"The data: {DataSource.Choices}. [default: xor]", HelpName = "DATA" };
        Option<long?> sample = OptionFactory.WholeNumber("--sample", $"The sample that is explained, from 0. [default: the first {NetworkBatch<double>.Largest} as one batch]", 0, int.MaxValue);
        var weight = new Option<string?>("--weight") { Description = "The weight, bias or input, e.g. layer1.weight[0,3], layer2.bias[0] or input[1]. [default: the whole forward and backward pass]", HelpName = "NAME" };
        Option<ExplanationFormat> format = OptionFactory.Choice<ExplanationFormat>("--format", "What is written.");
        var file = new Option<string?>("--output", "-o") { Description = "Write it to a file instead of standard output.", HelpName = "FILE" };
        Option<long?> paths = OptionFactory.WholeNumber("--paths", $"The most paths that are named; the others are totalled. [default: {UsualPaths}; with --json {UsualPathsOfDocument}]", 0, 1_000_000);
        Option<IReadOnlyList<int>?> hidden = NetworkOptions.Hidden("8");
        Option<ActivationKind> activation = OptionFactory.Choice<ActivationKind>("--activation", "Activation of the hidden layers.");
        Option<InitializationKind> initialization = OptionFactory.Choice<InitializationKind>("--initialization", "How the weights start.");
        Option<LossChoice> loss = NetworkOptions.Loss();
        Option<long?> seed = OptionFactory.WholeNumber("--seed", "Seed of everything random. [default: 42]", 0, uint.MaxValue);
        Option<long?> afterEpochs = OptionFactory.WholeNumber("--after-epochs", "Train for so many epochs on the first samples first. [default: 0]", 0, 10_000_000);
        Option<double?> learningRate = OptionFactory.PositiveNumber("--learning-rate", "Learning rate of that training. [default: 0.1]", "--lr");
        Option<Language?> language = OptionFactory.Language();
        Option<bool> json = OptionFactory.Json();
        Option<bool> quiet = OptionFactory.Quiet();
        var command = new Command("explain", "Show where the gradient of a weight comes from: every factor of the chain rule with its number, and whether it is right.") { model };
        Option[] ofNetwork = [hidden, activation, initialization];
        foreach (Option option in new Option[] { data, sample, weight, format, file, paths, hidden, activation, initialization, loss, seed, afterEpochs, learningRate, language, json, quiet })
        {
            command.Add(option);
        }

        command.SetAction((call, cancellationToken) =>
        {
            bool isJson = call.GetValue(json);
            string? modelFile = call.GetValue(model);
            if (modelFile is not null && !File.Exists(modelFile))
            {
                throw new CommandException($"MODEL: there is no file '{modelFile}'.");
            }

            if (modelFile is not null && ofNetwork.Append(loss).FirstOrDefault(option => call.GetResult(option) is { Implicit: false }) is { } superfluous)
            {
                throw new CommandException($"{superfluous.Name}: the model '{modelFile}' has its own; expected MODEL or the options of a new network.");
            }

            uint number = (uint)(call.GetValue(seed) ?? 42);
            var settings = TrainSettings.ForCheck(new DataSource { Name = call.GetValue(data) ?? "xor", Seed = number }, call.GetValue(hidden) ?? [8], call.GetValue(activation), call.GetValue(loss).Kind(), number)
                with
            { Initialization = call.GetValue(initialization), LearningRate = call.GetValue(learningRate) };
            var run = new ExplainRun
            {
                Settings = settings,
                ModelFile = modelFile,
                AfterEpochs = (int)(call.GetValue(afterEpochs) ?? 0),
                Sample = (int?)call.GetValue(sample),
                Weight = call.GetValue(weight),
                Format = call.GetValue(format),
                File = OutputFile.Require(call.GetValue(file), "--output"),
                MaximumPaths = (int)(call.GetValue(paths) ?? (isJson ? UsualPathsOfDocument : UsualPaths)),
                Language = call.GetValue(language) ?? UserLanguage.Detect(),
            };
            return Task.FromResult(run.Show(CommandOutput.Open(isJson, call.GetValue(quiet)), cancellationToken));
        });
        return command;
    }
}

/// <summary>What an explanation is written as.</summary>
internal enum ExplanationFormat
{
    Text,
    Markdown,
    Mathml,
    Mermaid,
    Dot,
    Svg,
}
