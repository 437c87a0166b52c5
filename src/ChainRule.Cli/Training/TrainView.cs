using System.Globalization;
using ChainRule.Cli.Output;
using ChainRule.Training;
using Spectre.Console;

namespace ChainRule.Cli.Training;

/// <summary>Shows training in a terminal: what is trained, a bar that moves, a row for an epoch, and how it ended.</summary>
/// <param name="output">Where to.</param>
internal sealed class TrainView(CommandOutput output)
{
    private const int MostRows = 20;
    private const int MostClasses = 12;

    private readonly HashSet<(HealthProblem Problem, string Place)> told = [];

    private IAnsiConsole Console => output.People;

    /// <summary>What is trained on what.</summary>
    public void Introduction<TLayer>(int training, int heldOut, int features, Objective objective, IReadOnlyList<TLayer> layers, long parameters)
    {
        string task = objective.IsClassification ? $"{objective.Classes} classes" : $"{objective.Values} {(objective.Values == 1 ? "value" : "values")}";
        Console.WriteLine($"Data     {training:N0} samples to train{(heldOut > 0 ? $", {heldOut:N0} held out" : "")}; {features:N0} inputs, {task}".ToString(CultureInfo.InvariantCulture));
        Console.WriteLine($"Network  {string.Join(" → ", layers)}");
        Console.WriteLine($"         {parameters.ToString("N0", CultureInfo.InvariantCulture)} parameters; loss {Words(objective.Loss)}");
        Console.WriteLine();
    }

    /// <summary>Where training goes on from; nothing for a new start.</summary>
    public void Resumed(string? checkpoint)
    {
        if (checkpoint is not null)
        {
            Console.WriteLine($"Resumed from {checkpoint}");
            Console.WriteLine();
        }
    }

    /// <summary>Runs training and shows it while it runs.</summary>
    /// <param name="epochs">The number of epochs that are to run.</param>
    /// <param name="samples">The number of samples in an epoch.</param>
    /// <param name="health">Looks for what keeps the network from learning.</param>
    /// <param name="train">Trains, and tells of steps and epochs.</param>
    public TrainingReport Watch(int epochs, int samples, Func<IReadOnlyList<HealthWarning>> health, Func<IProgress<StepReport>?, IProgress<EpochReport>, TrainingReport> train)
    {
        int every = Math.Max(1, (int)Math.Ceiling((double)epochs / MostRows));
        var rows = new Listener<EpochReport>(epoch =>
        {
            if (epoch.Epoch == 1)
            {
                Console.WriteLine($"{"epoch",7} {"train loss",12} {"valid. loss",12} {"score",8} {"‖gradient‖",11} {"samples/s",13}");
            }

            if (epoch.Epoch == 1 || epoch.Epoch % every == 0 || epoch.Epoch == epochs)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{epoch.Epoch,7} {epoch.TrainLoss,12:0.000000} {epoch.Validation?.Loss,12:0.000000} {Short(epoch.Validation),8} {epoch.GradientNorm,11:0.0000} {epoch.SamplesPerSecond,13:N0}"));
                Warn(health());
            }
        });
        if (!output.IsLive)
        {
            return train(null, rows);
        }

        return Console.Progress()
            .AutoClear(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask("epoch 1", maxValue: (double)epochs * samples);
                var steps = new Listener<StepReport>(step => task.Value = ((double)(step.Epoch - 1) * samples) + step.Samples);
                var both = new Listener<EpochReport>(epoch =>
                {
                    rows.Report(epoch);
                    task.Description = string.Create(CultureInfo.InvariantCulture, $"epoch {Math.Min(epoch.Epoch + 1, epochs)}, {epoch.SamplesPerSecond:N0} samples/s");
                });
                return train(steps, both);
            });
    }

    /// <summary>How training ended.</summary>
    public void Summary(TrainingReport report)
    {
        string how = report.Stopped switch
        {
            TrainingStop.Finished => "Trained",
            TrainingStop.Early => "Stopped early, back at the best epoch,",
            TrainingStop.Cancelled => "Cancelled",
            _ => "Diverged",
        };
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{how} after {report.Epochs.Count:N0} {(report.Epochs.Count == 1 ? "epoch" : "epochs")} in {report.Seconds:0.00} s."));
    }

    /// <summary>What keeps the network from learning, and what to try; each trouble once.</summary>
    public void Warn(IReadOnlyList<HealthWarning> warnings)
    {
        foreach (HealthWarning warning in warnings.Where(warning => told.Add((warning.Problem, warning.Place))))
        {
            string share = warning.Extent.ToString("P0", CultureInfo.InvariantCulture);
            string ratio = warning.Extent.ToString("0.0E+0", CultureInfo.InvariantCulture);
            Console.WriteLine($"Warning: {warning.Problem switch
            {
                HealthProblem.DeadUnits => $"{share} of the units of {warning.Place} are off for every sample and learn nothing. Try a smaller --learning-rate or --activation leaky-relu.",
                HealthProblem.SaturatedUnits => $"{share} of the values of {warning.Place} are next to their bounds, where the slope is almost 0. Try --normalize standard, a smaller --learning-rate or --activation relu.",
                HealthProblem.VanishingGradient => $"the gradient of {warning.Place} is {ratio} times that of the last layer: the first layers hardly learn. Try --activation relu, fewer layers or --initialization he.",
                _ => $"the gradient of {warning.Place} is {ratio} times that of the last layer. Try --clip-norm 1, --initialization glorot or a smaller --learning-rate.",
            }}");
        }
    }

    /// <summary>How good the network is on samples that it was not trained on, if there are any.</summary>
    public void Score(string samples, Evaluation? evaluation)
    {
        if (evaluation is { Accuracy: { } accuracy })
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{samples}: {accuracy:P2} right, loss {evaluation.Loss:0.000000}."));
        }
        else if (evaluation is not null)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{samples}: loss {evaluation.Loss:0.000000}{(evaluation.RSquared is { } rSquared ? $", R² {rSquared.ToString("0.0000", CultureInfo.InvariantCulture)}" : "")}."));
        }
    }

    /// <summary>Which classes were taken for which.</summary>
    public void Confusion(ConfusionMatrix matrix, IReadOnlyList<string> names)
    {
        if (matrix.Classes > MostClasses)
        {
            return;
        }

        int width = Math.Max(5, names.Max(name => name.Length));
        Console.WriteLine();
        Console.WriteLine("Confusion matrix: a row is the right class, a column what the network said");
        Console.WriteLine($"{new string(' ', width)}{string.Concat(names.Select(name => $" {(name.Length > 5 ? name[..5] : name),5}"))}");
        for (int i = 0; i < matrix.Classes; i++)
        {
            Console.WriteLine($"{names[i].PadLeft(width)}{string.Concat(Enumerable.Range(0, matrix.Classes).Select(j => $" {(matrix[i, j] == 0 ? "·" : matrix[i, j].ToString(CultureInfo.InvariantCulture)),5}"))}");
        }
    }

    /// <summary>A file that was written.</summary>
    public void Saved(string what, string file) => Console.WriteLine($"Saved {what}: {file}");

    private static string Short(Evaluation? evaluation) =>
        evaluation?.Accuracy?.ToString("P2", CultureInfo.InvariantCulture) ?? evaluation?.RSquared?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "";

    private static string Words(LossKind loss) => loss switch
    {
        LossKind.CrossEntropy => "softmax cross-entropy",
        LossKind.BinaryCrossEntropy => "binary cross-entropy",
        _ => "mean squared error",
    };
}
