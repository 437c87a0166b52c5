using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Optimizers;
using ChainRule.Random;
using ChainRule.Serialization;
using ChainRule.Training;
using ChainRule.Verification;

namespace ChainRule.Docs.Tests;

/// <summary>The programs of docs/, word for word: what stands between the marks stands in a page.</summary>
#pragma warning disable IDE0007, IDE0008, IDE0011, CA1305, CA1307 // written as a reader would
internal static class Snippets
{
    public static void Train()
    {
        // <train>
        var random = new NumPyRandom(42);
        var network = new Sequential<double>(new Linear<double>(2, 8, random), new ReLU<double>(), new Linear<double>(8, 1, random), new Sigmoid<double>());
        var loss = new MeanSquaredError<double>();
        var optimizer = new Sgd<double>(network.Parameters, learningRate: 1.0);
        Tensor<double> inputs = Tensor.Create([0.0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
        Tensor<double> targets = Tensor.Create([0.0, 1, 1, 0], [4, 1]);
        for (int epoch = 0; epoch < 2000; epoch++)
        {
            loss.Forward(network.Forward(inputs), targets);
            network.Backward(loss.Backward());
            optimizer.Step();
        }

        Console.WriteLine(string.Join(", ", network.Forward(inputs).Select(p => $"{p:F4}")));
        // </train>
    }

    public static void Trainer()
    {
        // <trainer>
        var random = new NumPyRandom(1);
        Tensor<double> inputs = random.Randn(200, 2);
        Tensor<double> classes = Tensor.Create([.. Enumerable.Range(0, 200).Select(i => inputs[i, 0] * inputs[i, 1] > 0 ? 1.0 : 0.0)], [200]);
        var network = new Sequential<double>(new Linear<double>(2, 16, random), new Tanh<double>(), new Linear<double>(16, 2, random));
        var trainer = new Trainer<double>(network, new SoftmaxCrossEntropy<double>(), new Adam<double>(network.Parameters, 0.01));
        TrainingReport report = trainer.Train(inputs, classes, new TrainingOptions { Epochs = 60, BatchSize = 20 });
        Console.WriteLine($"{report.Stopped} after {report.Epochs.Count} epochs, loss below 0.1: {report.Epochs[^1].TrainLoss < 0.1}");
        // </trainer>
    }

    public static void Neuron()
    {
        // <neuron>
        double w = 0.5, b = -0.2, x = 1.5, y = 1;
        double a = 1 / (1 + Math.Exp(-((w * x) + b)));
        double dLda = 2 * (a - y);
        double dadz = a * (1 - a);
        Console.WriteLine($"by hand: dL/dw = {dLda * dadz * x:F6}, dL/db = {dLda * dadz:F6}");

        var linear = new Linear<double>(1, 1, new NumPyRandom(0));
        linear.Parameters[0].Value[0, 0] = w;
        linear.Parameters[1].Value[0] = b;
        var network = new Sequential<double>(linear, new Sigmoid<double>());
        var loss = new MeanSquaredError<double>();
        loss.Forward(network.Forward(Tensor.Create([x], [1, 1])), Tensor.Create([y], [1, 1]));
        network.Backward(loss.Backward());
        Console.WriteLine($"engine:  dL/dw = {linear.Parameters[0].Gradient[0, 0]:F6}, dL/db = {linear.Parameters[1].Gradient[0]:F6}");
        // </neuron>
    }

    public static void Check()
    {
        // <check>
        var random = new NumPyRandom(0);
        var network = new Sequential<double>(new Linear<double>(3, 4, random), new Softsign(), new Linear<double>(4, 1, random));
        GradientCheckReport report = GradientCheck.Run(network, random.Randn(5, 3));
        Console.WriteLine(report.Verdict);
        // </check>
    }

    public static void Difference()
    {
        // <difference>
        double Loss(double w) => Math.Pow(Math.Tanh(w) - 1, 2);
        double analytic = 2 * (Math.Tanh(0.3) - 1) * (1 - Math.Pow(Math.Tanh(0.3), 2));
        foreach (double h in (double[])[1e-1, 1e-3, 1e-5])
        {
            double numeric = (Loss(0.3 + h) - Loss(0.3 - h)) / (2 * h);
            double error = Math.Abs(numeric - analytic) / Math.Abs(analytic);
            Console.WriteLine($"h = {h:0.00000}: relative error below 1e-2 {error < 1e-2}, below 1e-5 {error < 1e-5}, below 1e-9 {error < 1e-9}");
        }
        // </difference>
    }

    public static void Wrong()
    {
        // <wrong>
        var random = new NumPyRandom(0);
        var network = new Sequential<double>(new Linear<double>(3, 4, random), new WrongSquare(), new Linear<double>(4, 1, random));
        Console.WriteLine(GradientCheck.Run(network, random.Randn(5, 3)).Verdict);
        // </wrong>
    }

    public static void Files()
    {
        // <files>
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        NpyFile.Write(file, Tensor.Create([1.0, 2, 3, 4], [2, 2]));
        Console.WriteLine(NpyFile.Read<float>(file)[1, 0]);
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1]);
        try
        {
            NpyFile.Read<float>(file);
        }
        catch (InvalidDataException exception)
        {
            Console.WriteLine(exception.Message.Contains(file));
        }
        // </files>
    }
}
