#:project ../src/ChainRule

using System.Numerics.Tensors;
using ChainRule;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Optimizers;
using ChainRule.Random;

Tensor<double> inputs = Tensor.Create([0.0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
Tensor<double> targets = Tensor.Create([0.0, 1, 1, 0], [4, 1]);
var random = new NumPyRandom(42);
var network = new Sequential<double>(new Linear<double>(2, 8, random), new ReLU<double>(), new Linear<double>(8, 1, random), new Sigmoid<double>());
var loss = new MeanSquaredError<double>();
var optimizer = new Sgd<double>(network.Parameters, learningRate: 1.0);
for (int epoch = 1; epoch <= 2000; epoch++)
{
    double value = loss.Forward(network.Forward(inputs), targets);
    network.Backward(loss.Backward());
    optimizer.Step();
    if (epoch % 400 == 0) { Console.WriteLine($"epoch {epoch}: loss {value:F6}"); }
}

Console.WriteLine($"predictions {string.Join(", ", network.Forward(inputs).Select(p => $"{p:F4}"))}");
