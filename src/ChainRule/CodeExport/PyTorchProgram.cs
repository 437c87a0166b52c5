using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Serialization;
using ChainRule.Training;

namespace ChainRule.CodeExport;

/// <summary>
/// A trained model as a Python program: an <c>nn.Sequential</c> with the same layers, its weights, and a function
/// <c>predict</c> that takes samples as they come. Run as it is, it reads one sample a line from standard input.
/// </summary>
internal static class PyTorchProgram
{
    private static string Type<T>() => typeof(T) == typeof(float) ? "torch.float32" : "torch.float64";

    /// <summary>The source of the program.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weightsFile">The name of a safetensors file beside the program that holds the weights; null to write them into it.</param>
    /// <exception cref="NotSupportedException">PyTorch has no counterpart of a layer.</exception>
    public static string Text<T>(TrainedModel<T> model, string? weightsFile)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        var layers = new PyTorchLayers<T>();
        string network = layers.Module(model.Network);
        var source = new SourceWriter();
        source.Add($""""
            """A network of ChainRule as a PyTorch program.

                python3 THIS_FILE < samples.csv

            reads one sample a line, its numbers separated by commas, and prints {(model.ClassNames.Count > 0 ? "the class and " : "")}the network's outputs. From
            another program, import it and call predict. Needs PyTorch 1.13 or newer.
            """
            {(weightsFile is null ? "" : "import json\nimport pathlib\n")}import sys

            import torch
            from torch import nn

            TYPE = {Type<T>()}

            """");
        foreach (string own in layers.Classes)
        {
            source.Add($"\n{own}\n");
        }

        source.Add($"\nnetwork = {network}\n");
        if (weightsFile is null)
        {
            AddWeights(source, model.Network);
        }
        else
        {
            AddReader(source, weightsFile);
        }

        source.Add("""
            network.to(TYPE)
            network.load_state_dict(weights)
            network.eval()

            """);
        AddPrediction(source, model);
        return source.ToString();
    }

    private static void AddWeights<T>(SourceWriter source, Layer<T> network)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        source.Add("weights = {");
        foreach (StateTensor<T> state in PyTorchLayout.Of(network))
        {
            Tensor<T> tensor = state.Export();
            source.Add($"    {SourceWriter.Quote(state.Name)}: torch.tensor({Nested(tensor.AsSpan(), tensor.Lengths, "    ")}, dtype=TYPE),");
        }

        source.Add("}");
    }

    private static void AddReader(SourceWriter source, string weightsFile) => source.Add($$""""

        def read(path):
            """The tensors of a safetensors file: the length of a JSON header, the header, and the numbers."""
            file = bytearray(path.read_bytes())
            start = 8 + int.from_bytes(file[:8], "little")
            header = json.loads(file[8:start])
            header.pop("__metadata__", None)
            numbers = torch.frombuffer(file, dtype=torch.uint8)[start:].clone().view(TYPE)
            size = numbers.element_size()
            return {
                name: numbers[tensor["data_offsets"][0] // size : tensor["data_offsets"][1] // size].reshape(tensor["shape"])
                for name, tensor in header.items()
            }


        weights = read(pathlib.Path(__file__).with_name({{SourceWriter.Quote(weightsFile)}}))
        """");

    private static void AddPrediction<T>(SourceWriter source, TrainedModel<T> model)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        string input = "x";
        if (model.Normalization is { } normalization)
        {
            source.Add($"""
                # What the model was trained with: (x - SHIFT) * SCALE for each feature.
                SHIFT = torch.tensor([{Row(normalization.Shift)}], dtype=torch.float64)
                SCALE = torch.tensor([{Row(normalization.Scale)}], dtype=torch.float64)
                """);
            input = "((x.flatten(1).double() - SHIFT) * SCALE).to(TYPE).reshape(x.shape)";
        }

        if (model.ClassNames.Count > 0)
        {
            source.Add($"CLASSES = [{string.Join(", ", model.ClassNames.Select(SourceWriter.Quote))}]");
        }

        source.Add($""""


            def predict(x):
                """The outputs for samples as they come: a tensor whose first dimension is the batch."""
                with torch.no_grad():
                    return network({input})


            """");
        bool named = model.ClassNames.Count > 0;
        if (named)
        {
            source.Add($""""
                def class_of(outputs):
                    """The name of the class that the outputs for one sample stand for."""
                    return CLASSES[{ClassOf(model.Objective)}]


                """");
        }

        source.Add($"""
            if __name__ == "__main__":
                samples = [[float(number) for number in line.split(",")] for line in sys.stdin if line.strip()]
                for outputs in predict(torch.tensor(samples, dtype=TYPE)):
                    print({(named ? "class_of(outputs), " : "")}*outputs.flatten().tolist(), sep=",")
            """);
    }

    private static string ClassOf(Objective objective) => objective.Outputs > 1
        ? "int(outputs.argmax())"
        : $"int(outputs.item() > {(objective.Loss == LossKind.BinaryCrossEntropy ? "0" : "0.5")})";

    private static string Row(IEnumerable<double> numbers) => string.Join(", ", numbers.Select(SourceWriter.Number));

    /// <summary>Numbers as nested lists: the last dimension is a line.</summary>
    private static string Nested<T>(ReadOnlySpan<T> numbers, ReadOnlySpan<nint> lengths, string indentation)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var parts = new List<string>();
        if (lengths.Length <= 1)
        {
            foreach (T number in numbers)
            {
                parts.Add(SourceWriter.Number(number));
            }

            return $"[{string.Join(", ", parts)}]";
        }

        int part = numbers.Length / (int)lengths[0];
        for (int start = 0; start < numbers.Length; start += part)
        {
            parts.Add(Nested(numbers.Slice(start, part), lengths[1..], $"{indentation}    "));
        }

        return $"[\n{string.Concat(parts.Select(text => string.Create(CultureInfo.InvariantCulture, $"{indentation}    {text},\n")))}{indentation}]";
    }
}
