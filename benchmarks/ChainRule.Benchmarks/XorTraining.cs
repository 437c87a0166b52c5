using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Optimizers;
using ChainRule.Random;

namespace ChainRule.Benchmarks;

/// <summary>The lesson's job: a 2-8-1 network, 2,000 epochs on the four samples of XOR, in double precision.</summary>
[MemoryDiagnoser]
public class XorTraining
{
    private readonly Tensor<double> inputs = Tensor.Create([0.0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
    private readonly Tensor<double> targets = Tensor.Create([0.0, 1, 1, 0], [4, 1]);

    /// <summary>The whole job, from the first weights to the last loss.</summary>
    /// <returns>The last loss.</returns>
    [Benchmark]
    public double Train()
    {
        var random = new NumPyRandom(42);
        var network = new Sequential<double>(new Linear<double>(2, 8, random), new ReLU<double>(), new Linear<double>(8, 1, random), new Sigmoid<double>()) { NeedsInputGradient = false }; // as the lesson's own program
        var loss = new MeanSquaredError<double>();
        var optimizer = new Sgd<double>(network.Parameters, learningRate: 1.0);
        double value = 0;
        for (int epoch = 0; epoch < 2000; epoch++)
        {
            value = loss.Forward(network.Forward(inputs), targets);
            network.Backward(loss.Backward());
            optimizer.Step();
        }

        return value;
    }
}
