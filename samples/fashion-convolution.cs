#:project ../src/ChainRule
#:project ../src/ChainRule.Data

// A small convolutional network learns to tell clothes apart: Fashion-MNIST, 60,000 pictures of 28×28, ten classes.
//
//     dotnet run -c Release samples/fashion-convolution.cs
//
// --epochs N trains longer or shorter (6), --samples N on the first N pictures only, --threads N with so many threads. The
// pictures are Debian's package dataset-fashion-mnist; elsewhere `chainrule train fashion-mnist` downloads them.
using System.Globalization;
using ChainRule;
using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Optimizers;
using ChainRule.Random;
using ChainRule.Training;

int epochs = Argument("--epochs", 6);
int samples = Argument("--samples", 60_000);
Parallelism.Threads = Argument("--threads", Parallelism.Threads);
(DataSet<float> training, DataSet<float> test) = NamedData.Read<float>("fashion-mnist");
training = training.Select([.. Enumerable.Range(0, Math.Min(samples, training.Count))]);

var random = new NumPyRandom(1);
var network = new Sequential<float>(
    new Reshape<float>(1, 28, 28),
    new Conv2d<float>(1, 16, 3, random, padding: 1),
    new ReLU<float>(),
    new MaxPool2d<float>(2),
    new Conv2d<float>(16, 32, 3, random, padding: 1),
    new ReLU<float>(),
    new MaxPool2d<float>(2),
    new Flatten<float>(),
    new Linear<float>(32 * 7 * 7, 128, random),
    new ReLU<float>(),
    new Dropout<float>(0.25, random),
    new Linear<float>(128, 10, random));
var loss = new SoftmaxCrossEntropy<float>();
var optimizer = new Adam<float>(network.Parameters, learningRate: 1e-3);
var objective = Objective.ForClasses(LossKind.CrossEntropy, 10);
Console.WriteLine($"{training.Count} pictures to learn from, {test.Count} to test; {network.Parameters.Sum(parameter => parameter.Value.FlattenedLength)} parameters, {Parallelism.Threads} threads");

var trainer = new Trainer<float>(network, loss, optimizer)
{
    EpochProgress = new Report<EpochReport>(epoch => Console.WriteLine($"epoch {epoch.Epoch}: loss {epoch.TrainLoss:F4}, test loss {epoch.Validation!.Loss:F4}, test accuracy {epoch.Validation.Accuracy:P2}, {epoch.Seconds:F1} s")),
};
TrainingReport report = trainer.Train(
    training.Inputs,
    training.Targets,
    new TrainingOptions { Epochs = epochs, BatchSize = 64, Schedule = new CosineSchedule() },
    () => Evaluation.Of(network, loss, test.Inputs, test.Targets, objective));
Console.WriteLine($"{epochs} epochs in {report.Epochs.Sum(epoch => epoch.Seconds):F1} s: {report.Epochs[^1].Validation!.Accuracy:P2} of the test pictures right");

int Argument(string name, int usual) => Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? int.Parse(args[i + 1], CultureInfo.InvariantCulture) : usual;

/// <summary>Tells news at once, on the thread that trains.</summary>
internal sealed class Report<T>(Action<T> tell) : IProgress<T>
{
    void IProgress<T>.Report(T value) => tell(value);
}
