using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Optimizers;
using ChainRule.Random;
using Xunit;

namespace ChainRule.Tests.Training;

/// <summary>Training needs what it must keep, and no more however long it goes on.</summary>
public class MemoryTests
{
    /// <summary>Not one byte in 100,000 steps, after the first ones.</summary>
    [Fact]
    public void A_hundred_thousand_steps_allocate_nothing()
    {
        var random = new NumPyRandom(1);
        var network = new Sequential<float>(new Linear<float>(2, 8, random), new ReLU<float>(), new Linear<float>(8, 2, random)) { NeedsInputGradient = false };
        var loss = new SoftmaxCrossEntropy<float>();
        var optimizer = new Adam<float>(network.Parameters);
        Tensor<float> x = Tensor.ConvertTruncating<double, float>(random.Randn(4, 2));
        Tensor<float> y = Tensor.ConvertTruncating<long, float>(random.RandInt(0, 2, [4]));
        Assert.Equal(0, Allocation.OfHundredRuns(() =>
        {
            for (int step = 0; step < 1000; step++)
            {
                Step(network, loss, optimizer, x, y);
            }
        }));
    }

    /// <summary>
    /// All that is allocated from the first layer to the second step, of which nothing can be given back: at most 1.3 times what
    /// training cannot do without, parameters, gradients, the optimizer's state and activations with their gradients.
    /// </summary>
    [Fact]
    public void A_large_network_takes_little_more_than_it_must_keep()
    {
        const int Batch = 256;
        var random = new NumPyRandom(0);
        Tensor<float> x = Tensor.ConvertTruncating<double, float>(random.Randn(Batch, 784));
        Tensor<float> y = Tensor.ConvertTruncating<long, float>(random.RandInt(0, 10, [Batch]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        var network = new Sequential<float>(new Linear<float>(784, 1024, random), new ReLU<float>(), new Linear<float>(1024, 1024, random), new ReLU<float>(), new Linear<float>(1024, 10, random)) { NeedsInputGradient = false };
        var loss = new SoftmaxCrossEntropy<float>();
        var optimizer = new Adam<float>(network.Parameters);
        Step(network, loss, optimizer, x, y);
        Step(network, loss, optimizer, x, y);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        long parameters = network.Parameters.Sum(parameter => (long)parameter.Value.FlattenedLength);
        long activations = (long)Batch * (1024 + 1024 + 1024 + 1024 + 10);
        double needed = sizeof(float) * ((4 * parameters) + (2 * activations));
        Assert.InRange(allocated / needed, 0.9, 1.3);
    }

    private static void Step(Sequential<float> network, Loss<float> loss, Optimizer<float> optimizer, Tensor<float> x, Tensor<float> y)
    {
        loss.Forward(network.Forward(x), y);
        network.Backward(loss.Backward());
        optimizer.Step();
    }
}
