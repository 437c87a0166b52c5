using System.CommandLine;
using ChainRule.Cli.Output;
using ChainRule.Cli.Training;

namespace ChainRule.Cli.Prediction;

/// <summary><c>chainrule predict</c>: what it takes.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "A model that chainrule train --save wrote." };
        var data = new DataOptions();
        var file = new Option<string?>("--output", "-o") { Description = "Write the predictions, and the probabilities of classes, to a CSV file.", HelpName = "FILE" };
        Option<bool> json = OptionFactory.Json();
        Option<bool> quiet = OptionFactory.Quiet();
        var command = new Command("predict", "Use a trained model on data; where the data have labels, say how right it is.") { model };
        data.AddTo(command);
        command.Add(file);
        command.Add(json);
        command.Add(quiet);
        command.SetAction((call, cancellationToken) =>
        {
            string? destination = OutputFile.Require(call.GetValue(file), "--output");
            return Task.FromResult(new PredictRun(call.GetRequiredValue(model), data.From(call), destination, CommandOutput.Open(call.GetValue(json), call.GetValue(quiet))).Run(cancellationToken));
        });
        return command;
    }
}
