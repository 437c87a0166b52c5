using System.Globalization;
using ChainRule.Data;
using ChainRule.Initialization;
using ChainRule.Layers;
using ChainRule.Optimizers;
using ChainRule.Random;
using ChainRule.Training;

namespace ChainRule.Benchmarks;

/// <summary>
/// Fashion-MNIST, 784-128-10, five epochs, here and in PyTorch, from PyTorch's own initialisation, three seeds each in turn:
/// the best seconds of an epoch, and the mean accuracy.
/// </summary>
internal static class FashionComparison
{
    private static readonly uint[] seeds = [1, 2, 3];

    /// <summary>Measures, and adds a table; nothing where the data are not here.</summary>
    public static void Run(Report report)
    {
        DataSet<float> training, test;
        try
        {
            (training, test) = NamedData.Read<float>("fashion-mnist");
        }
        catch (FileNotFoundException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return;
        }

        Parallelism.Threads = 1;
        double ours = double.PositiveInfinity;
        double theirs = double.PositiveInfinity;
        var ourAccuracies = new List<double>();
        var theirAccuracies = new List<double>();
        string version = "";
        foreach (uint seed in seeds)
        {
            (double seconds, double accuracy) = Train(training, test, seed);
            ours = Math.Min(ours, seconds);
            ourAccuracies.Add(accuracy);
            if (Peer.Run("fashion_pytorch.py", 1, "1", $"{seed}") is [[var found, var peerSeconds, var peerAccuracy]])
            {
                version = found;
                theirs = Math.Min(theirs, Peer.Number(peerSeconds));
                theirAccuracies.Add(Peer.Number(peerAccuracy));
            }

            Console.Error.WriteLine($"Fashion-MNIST: seed {seed}");
        }

        report.Text.AppendLine("Fashion-MNIST, 784-128-10, batch 64, SGD 0.1, float32, one thread; accuracy on the test part after five epochs, mean of three seeds:");
        report.Text.AppendLine();
        report.Text.AppendLine("| engine | seconds an epoch | times as long as ChainRule | accuracy |");
        report.Text.AppendLine("|---|---:|---:|---:|");
        report.Text.AppendLine(CultureInfo.InvariantCulture, $"| ChainRule | {ours:F3} | 1 | {ourAccuracies.Average():P1} |");
        if (theirAccuracies.Count > 0)
        {
            report.Measurements.Add(new Measurement("Fashion-MNIST epoch", 1, "s", ours, $"PyTorch {version}", theirs, theirs / ours));
            report.Measurements.Add(new Measurement("Fashion-MNIST accuracy after 5 epochs", 1, "of 1", ourAccuracies.Average(), $"PyTorch {version}", theirAccuracies.Average()));
            report.Text.AppendLine(CultureInfo.InvariantCulture, $"| PyTorch {version} | {theirs:F3} | {theirs / ours:F2} | {theirAccuracies.Average():P1} |");
        }

        report.Text.AppendLine();
    }

    private static (double Seconds, double Accuracy) Train(DataSet<float> training, DataSet<float> test, uint seed)
    {
        var random = new NumPyRandom(seed);
        Linear<float> NewLayer(int inputs, int outputs) => new(inputs, outputs, random, Initializer.PyTorchDefault, Initializer.PyTorchDefault);
        var network = new Sequential<float>(NewLayer(784, 128), new ReLU<float>(), NewLayer(128, 10));
        var objective = Objective.ForClasses(LossKind.CrossEntropy, 10);
        Loss<float> loss = objective.CreateLoss<float>();
        TrainingReport report = new Trainer<float>(network, loss, new Sgd<float>(network.Parameters, 0.1))
            .Train(training.Inputs, training.Targets, new TrainingOptions { Epochs = 5, ShuffleSeed = seed });
        Evaluation evaluation = Evaluation.Of(network, loss, test.Inputs, test.Targets, objective);
        return (report.Epochs.Min(epoch => epoch.Seconds), evaluation.Accuracy!.Value);
    }
}
