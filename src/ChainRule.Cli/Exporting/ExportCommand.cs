using System.CommandLine;
using ChainRule.Cli.Output;
using ChainRule.Cli.Prediction;
using ChainRule.CodeExport;
using ChainRule.Onnx;
using ChainRule.Serialization;
using ChainRule.Training;
using Spectre.Console;

namespace ChainRule.Cli.Exporting;

/// <summary><c>chainrule export</c>: takes a model to other programs.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "A model that chainrule train --save wrote." };
        Option<Format?> to = OptionFactory.RequiredChoice<Format>("--to", "The format: onnx for ONNX Runtime, npz for NumPy (X @ W + b), safetensors for PyTorch; or a program that computes the same: pytorch, csharp.");
        var file = new Option<string>("--output", "-o") { Description = "The file to write.", HelpName = "FILE", Required = true };
        Option<bool> json = OptionFactory.Json();
        Option<bool> quiet = OptionFactory.Quiet();
        var command = new Command("export", "Write a trained model for another program.") { model, to, file, json, quiet };
        command.SetAction((call, cancellationToken) =>
        {
            var output = CommandOutput.Open(call.GetValue(json), call.GetValue(quiet));
            string source = call.GetRequiredValue(model);
            if (!File.Exists(source))
            {
                throw new CommandException($"MODEL: there is no file '{source}'.");
            }

            Format format = call.GetValue(to)!.Value;
            string destination = OutputFile.Require(call.GetRequiredValue(file), "--output")!;
            TrainedModel<float> trained = ModelInput.Read<float>(source);
            IReadOnlyList<string> files = Write(format, destination, trained);
            output.People.WriteLine($"Wrote {trained.Network} as {format.ToString().ToLowerInvariant()}: {string.Join(", ", files)}");
            output.WriteJson(new ExportDocument(destination, files, format.ToString().ToLowerInvariant(), trained.Network.Parameters.Sum(parameter => (long)parameter.Value.FlattenedLength)), ExportJsonContext.Default.ExportDocument);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static IReadOnlyList<string> Write(Format format, string destination, TrainedModel<float> trained)
    {
        try
        {
            switch (format)
            {
                case Format.Onnx:
                    OnnxFile.Write(destination, trained);
                    break;
                case Format.Npz:
                    NpzFile.Write<float>(destination,
                    [
                        .. trained.Network.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value)),
                        .. trained.Network.Statistics.Select(statistic => KeyValuePair.Create(statistic.Name, statistic.Value)),
                    ]);
                    break;
                case Format.Pytorch or Format.Csharp:
                    return ProgramFile.Write(destination, trained, format == Format.Pytorch ? ProgramLanguage.PyTorch : ProgramLanguage.CSharp);
                default:
                    ModelFile.Write(destination, trained);
                    break;
            }
        }
        catch (NotSupportedException exception)
        {
            throw new CommandException($"--to: {exception.Message}");
        }

        return [destination];
    }

    private enum Format
    {
        Onnx,
        Npz,
        Safetensors,
        Pytorch,
        Csharp,
    }
}
