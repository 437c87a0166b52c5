using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Optimizers;
using ChainRule.Random;

namespace ChainRule.Benchmarks;

/// <summary>The kernels one by one, through the layers that use them: product, activations, softmax, optimizers.</summary>
[MemoryDiagnoser]
public class KernelBenchmarks
{
    private readonly NumPyRandom random = new(0);
    private Linear<float> linear = null!;
    private Layer<float>[] activations = null!;
    private Optimizer<float> sgd = null!;
    private Optimizer<float> adam = null!;
    private readonly SoftmaxCrossEntropy<float> loss = new();
    private Tensor<float> x = null!;
    private Tensor<float> labels = null!;

    /// <summary>Rows, inputs and outputs.</summary>
    [Params(32, 256)]
    public int Size { get; set; }

    /// <summary>Makes the layers and runs each once.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        Parallelism.Threads = 1;
        linear = new Linear<float>(Size, Size, random);
        activations = [new ReLU<float>(), new Sigmoid<float>(), new Tanh<float>(), new Gelu<float>()];
        x = Tensor.ConvertTruncating<double, float>(random.Randn(Size, Size));
        labels = Tensor.ConvertTruncating<long, float>(random.RandInt(0, Size, [Size]));
        sgd = new Sgd<float>(linear.Parameters, 1e-9, momentum: 0.9);
        adam = new Adam<float>(linear.Parameters, 1e-9);
        linear.Forward(x);
        linear.Backward(x);
    }

    /// <summary>x·W + b.</summary>
    [Benchmark]
    public Tensor<float> Product() => linear.Forward(x);

    /// <summary>xᵀ·g, Σg and g·Wᵀ.</summary>
    [Benchmark]
    public Tensor<float> ProductBackward() => linear.Backward(x);

    /// <summary>max(0, x).</summary>
    [Benchmark]
    public Tensor<float> ReLU() => activations[0].Forward(x);

    /// <summary>σ(x).</summary>
    [Benchmark]
    public Tensor<float> Sigmoid() => activations[1].Forward(x);

    /// <summary>tanh(x).</summary>
    [Benchmark]
    public Tensor<float> Tanh() => activations[2].Forward(x);

    /// <summary>x·Φ(x).</summary>
    [Benchmark]
    public Tensor<float> Gelu() => activations[3].Forward(x);

    /// <summary>Softmax and cross-entropy.</summary>
    [Benchmark]
    public float CrossEntropy() => loss.Forward(x, labels);

    /// <summary>θ along the velocity.</summary>
    [Benchmark]
    public void Sgd() => Step(sgd);

    /// <summary>θ by both moments.</summary>
    [Benchmark]
    public void Adam() => Step(adam);

    private void Step(Optimizer<float> optimizer)
    {
        linear.Weight.AccumulateGradient();
        optimizer.Step();
    }
}
