using System.CommandLine;
using ChainRule.Cli.Output;
using ChainRule.Cli.Prediction;
using ChainRule.Serialization;
using ChainRule.Training;
using Spectre.Console;

namespace ChainRule.Cli.Exporting;

/// <summary><c>chainrule import</c>: takes over weights that PyTorch trained for the same architecture.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var weights = new Argument<string>("WEIGHTS") { Description = "What save_file(network.state_dict(), …) wrote in PyTorch: safetensors." };
        var like = new Option<string>("--like") { Description = "A model of the same architecture, whose labels and normalisation are kept.", HelpName = "MODEL", Required = true };
        var file = new Option<string>("--output", "-o") { Description = "The model to write.", HelpName = "FILE", Required = true };
        Option<bool> json = OptionFactory.Json();
        Option<bool> quiet = OptionFactory.Quiet();
        var command = new Command("import", "Make a model of weights that PyTorch saved.") { weights, like, file, json, quiet };
        command.SetAction((call, cancellationToken) =>
        {
            var output = CommandOutput.Open(call.GetValue(json), call.GetValue(quiet));
            string source = call.GetRequiredValue(weights);
            string pattern = call.GetRequiredValue(like);
            if ((File.Exists(source), File.Exists(pattern)) is not (true, true) and var (sourceExists, _))
            {
                throw new CommandException(sourceExists ? $"--like: there is no file '{pattern}'." : $"WEIGHTS: there is no file '{source}'.");
            }

            string destination = OutputFile.Require(call.GetRequiredValue(file), "--output")!;
            TrainedModel<float> model = ModelFile.Read<float>(pattern);
            ModelFile.ReadWeights(source, model.Network);
            ModelInput.RequireFinite(source, model.Network);
            ModelFile.Write(destination, model);
            output.People.WriteLine($"Wrote {model.Network} with the weights of {source}: {destination}");
            output.WriteJson(new ExportDocument(destination, [destination], "safetensors", model.Network.Parameters.Sum(parameter => (long)parameter.Value.FlattenedLength)), ExportJsonContext.Default.ExportDocument);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
