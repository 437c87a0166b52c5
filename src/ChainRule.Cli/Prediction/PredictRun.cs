using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using ChainRule.Cli.Output;
using ChainRule.Cli.Training;
using ChainRule.Data;
using ChainRule.Serialization;
using ChainRule.Training;
using Spectre.Console;

namespace ChainRule.Cli.Prediction;

/// <summary><c>chainrule predict</c>: reads the model and the data, predicts, compares with the labels if there are any.</summary>
/// <param name="modelFile">The model.</param>
/// <param name="source">The data.</param>
/// <param name="destination">The CSV file for the predictions; null for none.</param>
/// <param name="output">Where words and the document go.</param>
internal sealed class PredictRun(string modelFile, DataSource source, string? destination, CommandOutput output)
{
    private const int ShownRows = 10;

    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    public int Run(CancellationToken cancellationToken)
    {
        if (!File.Exists(modelFile))
        {
            throw new CommandException($"MODEL: there is no file '{modelFile}'.");
        }

        TrainedModel<double> model = ModelInput.Read<double>(modelFile);
        (Tensor<double> inputs, DataSet<double>? labelled) = Open(model, cancellationToken);
        Objective objective = model.Objective;
        Tensor<double> outputs = model.Predict(inputs);
        Tensor<double>? probabilities = objective.IsClassification ? objective.Probabilities(outputs) : null;
        string[]? classes = objective.IsClassification ? ClassNames(model, outputs) : null;
        Evaluation? evaluation = null;
        if (labelled is not null)
        {
            Tensor<double> normalized = model.Normalization?.Apply(inputs) ?? inputs;
            outputs = Tensor.Create(outputs.ToArray(), outputs.Lengths); // the evaluation uses the network's memory anew
            evaluation = Evaluation.Of(model.Network, objective.CreateLoss<double>(), normalized, objective.Encode(labelled.Targets), objective);
        }

        Show(model, outputs, classes, probabilities, labelled, evaluation);
        if (destination is not null)
        {
            AtomicFile.Write(destination, stream => stream.Write(Encoding.UTF8.GetBytes(ToCsv(model, outputs, classes, probabilities))));
            output.People.WriteLine($"Saved predictions: {destination}");
        }

        output.WriteJson(
            new PredictDocument
            {
                Accuracy = evaluation?.Accuracy,
                Loss = evaluation?.Loss,
                RSquared = evaluation?.RSquared,
                Predictions = classes,
                Values = classes is null ? outputs : null,
                Probabilities = probabilities,
                Classes = model.ClassNames,
            },
            PredictJsonContext.Default.PredictDocument);
        return ExitCode.Done;
    }

    /// <summary>The samples, and their labels where the data have any.</summary>
    private (Tensor<double> Inputs, DataSet<double>? Labelled) Open(TrainedModel<double> model, CancellationToken cancellationToken)
    {
        if (source.IsTable)
        {
            CsvTable table = source.OpenTable();
            int features = model.Features ?? (source.Label is null ? table.Columns : table.Columns - 1);
            if (table.Columns == features && source.Label is null)
            {
                Tensor<double> inputs = table.Inputs<double>(without: -1);
                ModelInput.RequireTaken(model, inputs, source.Name);
                return (inputs, null);
            }

            return table.Columns == features + 1
                ? Labelled(table.ToDataSet<double>(source.Label, model.ClassNames))
                : throw new CommandException($"'{source.Name}' has {table.Columns} columns: the model expects {features}, or {features + 1} with the label.");
        }

        (DataSet<double> whole, DataSet<double>? test) = source.Open<double>(output, cancellationToken, source.IsFile ? model.ClassNames : null);
        return Labelled(test ?? whole); // of a set with a test part, that part

        (Tensor<double> Inputs, DataSet<double>? Labelled) Labelled(DataSet<double> data)
        {
            ModelInput.RequireFit(model, data, source.Name);
            return (data.Inputs, data);
        }
    }

    private static string[] ClassNames(TrainedModel<double> model, Tensor<double> outputs)
    {
        int width = model.Objective.Outputs;
        double[] values = [.. outputs];
        return [.. Enumerable.Range(0, values.Length / width).Select(i => model.ClassNames[model.Objective.ClassOf<double>(values.AsSpan(i * width, width))])];
    }

    private void Show(TrainedModel<double> model, Tensor<double> outputs, string[]? classes, Tensor<double>? probabilities, DataSet<double>? labelled, Evaluation? evaluation)
    {
        int rows = (int)outputs.Lengths[0];
        output.People.WriteLine($"Predictions for {rows} samples{(rows > ShownRows ? $", the first {ShownRows}" : "")}:");
        for (int i = 0; i < Math.Min(rows, ShownRows); i++)
        {
            string answer = classes is not null
                ? string.Create(CultureInfo.InvariantCulture, $"{classes[i]}  ({Enumerable.Range(0, model.ClassNames.Count).Max(j => probabilities![i, j]):P1})")
                : string.Join("  ", Enumerable.Range(0, (int)outputs.Lengths[1]).Select(j => outputs[i, j].ToString("0.000000", CultureInfo.InvariantCulture)));
            output.People.WriteLine($"{i,6}  {answer}");
        }

        if (evaluation is null)
        {
            return;
        }

        output.People.WriteLine();
        output.People.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Against the labels: {(evaluation.Accuracy is { } accuracy ? $"{accuracy.ToString("P2", CultureInfo.InvariantCulture)} right, " : "")}loss {evaluation.Loss:0.000000}{(evaluation.RSquared is { } rSquared ? $", R² {rSquared.ToString("0.0000", CultureInfo.InvariantCulture)}" : "")}."));
        if (model.Objective.IsClassification)
        {
            new TrainView(output).Confusion(ConfusionMatrix.Of(model.Objective, outputs, labelled!.Targets), model.ClassNames);
        }
    }

    private static string ToCsv(TrainedModel<double> model, Tensor<double> outputs, string[]? classes, Tensor<double>? probabilities)
    {
        var csv = new StringBuilder();
        string[] columns = classes is not null
            ? ["prediction", .. model.ClassNames.Select(name => $"probability of {name}")]
            : [.. Enumerable.Range(0, (int)outputs.Lengths[1]).Select(j => j == 0 ? "prediction" : $"prediction {j}")];
        csv.AppendJoin(',', columns.Select(Quoted)).Append('\n');
        Tensor<double> numbers = probabilities ?? outputs;
        for (int i = 0; i < numbers.Lengths[0]; i++)
        {
            IEnumerable<string> fields = Enumerable.Range(0, (int)numbers.Lengths[1]).Select(j => numbers[i, j].ToString("R", CultureInfo.InvariantCulture));
            csv.AppendJoin(',', classes is null ? fields : fields.Prepend(Quoted(classes[i]))).Append('\n');
        }

        return csv.ToString();
    }

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
