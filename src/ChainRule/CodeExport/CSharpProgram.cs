using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Training;

namespace ChainRule.CodeExport;

/// <summary>
/// A trained model as a C# program with this library, in one file for <c>dotnet run</c>: a class <c>ExportedModel</c> that makes
/// the model, and a few lines that read one sample a line from standard input.
/// </summary>
internal static class CSharpProgram
{
    /// <summary>The source of the program.</summary>
    /// <param name="model">The model.</param>
    /// <param name="weightsFile">The name of a safetensors file beside the program that holds the weights; null to write them into it.</param>
    /// <exception cref="NotSupportedException">There is no expression for a layer.</exception>
    public static string Text<T>(TrainedModel<T> model, string? weightsFile)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        string type = typeof(T) == typeof(float) ? "float" : "double";
        bool named = model.ClassNames.Count > 0;
        var source = new SourceWriter();
        source.Add($$"""
            #:package ChainRule@{{typeof(TrainedModel<>).Assembly.GetName().Version!.ToString(3)}}

            // A network of ChainRule as a C# program.
            //
            //     dotnet run THIS_FILE < samples.csv
            //
            // reads one sample a line, its numbers separated by commas, and prints {{(named ? "the class and " : "")}}the network's outputs.
            // In another program, take the class ExportedModel along and call Create().Predict.
            using System.Globalization;
            using System.Numerics.Tensors;
            using ChainRule;
            using ChainRule.Layers;
            using ChainRule.Random;
            using ChainRule.Serialization;
            using ChainRule.Training;

            TrainedModel<{{type}}> model = ExportedModel.Create();
            while (Console.ReadLine() is { } line)
            {
                if (line.Trim().Length == 0)
                {
                    continue;
                }

                {{type}}[] sample = [.. line.Split(',').Select(number => {{type}}.Parse(number, CultureInfo.InvariantCulture))];
                {{type}}[] outputs = [.. model.Predict(Tensor.Create(sample, [1, sample.Length]))];
                string numbers = string.Join(',', outputs.Select(output => output.ToString(CultureInfo.InvariantCulture)));
                Console.WriteLine({{(named ? "$\"{model.ClassNames[model.Objective.ClassOf<" + type + ">(outputs)]},{numbers}\"" : "numbers")}});
            }

            /// <summary>The model.</summary>
            internal static class ExportedModel
            {
                /// <summary>Makes the network, gives it its weights, and says what goes in and what comes out.</summary>
                public static TrainedModel<{{type}}> Create()
                {
                    var random = new NumPyRandom(0); // first weights, which the real ones replace
            """);
        source.Add($"        var network = {CSharpLayers.Expression(model.Network).Replace("\n", "\n        ", StringComparison.Ordinal)};");
        source.Add(weightsFile is null
            ? $$"""
                    foreach (Parameter<{{type}}> parameter in network.Parameters)
                    {
                        Tensor.Create(numbers[parameter.Name], parameter.Value.Lengths).CopyTo(parameter.Value);
                    }

                    foreach (RunningStatistic<{{type}}> statistic in network.Statistics)
                    {
                        Tensor.Create(numbers[statistic.Name], statistic.Value.Lengths).CopyTo(statistic.Value);
                    }

            """
            : $"""
                    string folder = AppContext.GetData("EntryPointFileDirectoryPath") as string ?? AppContext.BaseDirectory;
                    ModelFile.ReadWeights(Path.Combine(folder, {SourceWriter.Quote(weightsFile)}), network);
            """);
        source.Add($$"""
                    return new TrainedModel<{{type}}>(
                        network,
                        {{Objective(model.Objective)}},
                        {{Normalization(model.Normalization)}},
                        [{{Texts(model.ClassNames)}}],
                        [{{Texts(model.FeatureNames)}}]);
                }
            """);
        if (weightsFile is null)
        {
            AddWeights(source, model.Network, type);
        }

        source.Add("}");
        return source.ToString();
    }

    private static void AddWeights<T>(SourceWriter source, Layer<T> network, string type)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        source.Add($$"""

                // The weights as the library keeps them, row by row: a linear layer's weight is (inputs, outputs).
                private static readonly Dictionary<string, {{type}}[]> numbers = new()
                {
            """);
        IEnumerable<(string Name, Tensor<T> Value)> tensors =
            [.. network.Parameters.Select(parameter => (parameter.Name, parameter.Value)), .. network.Statistics.Select(statistic => (statistic.Name, statistic.Value))];
        foreach ((string name, Tensor<T> value) in tensors)
        {
            source.Add($"        [{SourceWriter.Quote(name)}] =\n        [");
            int width = (int)value.Lengths[^1];
            foreach (T[] row in value.AsSpan().ToArray().Chunk(width))
            {
                source.Add($"            {string.Join(", ", row.Select(number => $"{SourceWriter.Number(number)}{(typeof(T) == typeof(float) ? "f" : "d")}"))},");
            }

            source.Add("        ],");
        }

        source.Add("    };");
    }

    private static string Objective(Objective objective) => objective.IsClassification
        ? $"Objective.ForClasses(LossKind.{objective.Loss}, {objective.Classes})"
        : $"Objective.ForValues({objective.Values})";

    private static string Normalization(Normalization? normalization) => normalization is null
        ? "null"
        : $"new Normalization([{Row(normalization.Shift)}], [{Row(normalization.Scale)}])";

    private static string Row(IEnumerable<double> numbers) => string.Join(", ", numbers.Select(number => $"{SourceWriter.Number(number)}d"));

    private static string Texts(IEnumerable<string> texts) => string.Join(", ", texts.Select(SourceWriter.Quote));
}
