using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Optimizers;
using Xunit;

namespace ChainRule.Tests.Optimizers;

/// <summary>What optimizers do beside their formulas, which the PyTorch fixtures prove.</summary>
public class OptimizerTests
{
    [Fact]
    public void A_step_without_a_gradient_is_a_mistake()
    {
        var optimizer = new Sgd<double>([Make("weight", 1)], 0.1);
        Assert.Contains("run Forward and Backward first", Assert.Throws<InvalidOperationException>(optimizer.Step).Message, StringComparison.Ordinal);
    }

    /// <summary>A parameter that Backward did not reach keeps its value and, in Adam, its step count, as in PyTorch.</summary>
    [Fact]
    public void A_parameter_without_a_new_gradient_stays_as_it_is()
    {
        Parameter<double> reached = Make("reached", 1);
        Parameter<double> forgotten = Make("forgotten", 1);
        var optimizer = new AdamW<double>([reached, forgotten]);
        reached.AccumulateGradient()[0] = 1;
        optimizer.Step();
        Assert.NotEqual(1, reached.Value[0]);
        Assert.Equal(1, forgotten.Value[0]);
        forgotten.AccumulateGradient()[0] = 1;
        optimizer.Step();
        Assert.Equal(reached.Value[0], forgotten.Value[0]);
    }

    [Fact]
    public void The_learning_rate_may_change_between_steps()
    {
        Parameter<double> parameter = Make("weight", 1);
        var optimizer = new Sgd<double>([parameter], 0.5);
        parameter.AccumulateGradient()[0] = 1;
        optimizer.Step();
        optimizer.LearningRate = 0.25;
        parameter.AccumulateGradient()[0] = 1;
        optimizer.Step();
        Assert.Equal(0.25, parameter.Value[0]);
    }

    [Fact]
    public void Settings_out_of_range_are_refused_by_name()
    {
        Parameter<double>[] one = [Make("weight", 1)];
        AssertRefused("learning rate", () => new Sgd<double>(one, -0.1));
        AssertRefused("learning rate", () => new Sgd<double>(one, double.NaN));
        AssertRefused("learning rate", () => new Adam<double>(one, double.PositiveInfinity));
        AssertRefused("momentum", () => new Sgd<double>(one, 0.1, momentum: -1));
        AssertRefused("weight decay", () => new Sgd<double>(one, 0.1, weightDecay: -1));
        AssertRefused("dampening", () => new Sgd<double>(one, 0.1, dampening: 2));
        AssertRefused("Nesterov", () => new Sgd<double>(one, 0.1, nesterov: true));
        AssertRefused("Nesterov", () => new Sgd<double>(one, 0.1, momentum: 0.9, nesterov: true, dampening: 0.1));
        AssertRefused("beta1", () => new Adam<double>(one, beta1: 1));
        AssertRefused("beta2", () => new Adam<double>(one, beta2: -0.1));
        AssertRefused("epsilon", () => new AdamW<double>(one, epsilon: -1));
        AssertRefused("weight decay", () => new AdamW<double>(one, weightDecay: double.NaN));
        AssertRefused("alpha", () => new RmsProp<double>(one, alpha: 1));
        AssertRefused("epsilon", () => new RmsProp<double>(one, epsilon: -1));
        AssertRefused("weight decay", () => new RmsProp<double>(one, weightDecay: -1));
        AssertRefused("momentum", () => new RmsProp<double>(one, momentum: double.NaN));
        AssertRefused("decay of the learning rate", () => new Adagrad<double>(one, learningRateDecay: -1));
        AssertRefused("weight decay", () => new Adagrad<double>(one, weightDecay: -1));
        AssertRefused("initial accumulator", () => new Adagrad<double>(one, initialAccumulator: -1));
        AssertRefused("epsilon", () => new Adagrad<double>(one, epsilon: double.PositiveInfinity));
        AssertRefused("beta1", () => new Lion<double>(one, beta1: -0.5));
        AssertRefused("beta2", () => new Lion<double>(one, beta2: 1));
        AssertRefused("weight decay", () => new Lion<double>(one, weightDecay: -1));
        AssertRefused("at least one parameter", () => new Adam<double>([]));
        AssertRefused("'weight' was given twice", () => new Adam<double>([one[0], one[0]]));
    }

    /// <summary>Also where the number of values is no multiple of a register's lanes.</summary>
    [Fact]
    public void A_warm_step_allocates_nothing() => Assert.All(Every(new Parameter<float>("weight", Tensor.CreateFromShape<float>([5, 7]))), optimizer =>
    {
        Parameter<float> parameter = optimizer.Parameters[0];
        Assert.Equal(0, Allocation.OfHundredRuns(() =>
        {
            parameter.AccumulateGradient()[0] = 1;
            optimizer.Step();
        }));
    });

    /// <summary>Training that went wrong must be seen in the parameters, not hidden behind a max or a sign.</summary>
    [Fact]
    public void Not_a_number_goes_through() => Assert.All(Every(Make("weight", 1)), optimizer =>
    {
        Parameter<double> parameter = optimizer.Parameters[0];
        parameter.Value[0] = 1;
        parameter.AccumulateGradient()[0] = double.NaN;
        optimizer.Step();
        Assert.True(double.IsNaN(parameter.Value[0]), $"{optimizer.GetType().Name}: {parameter.Value[0]}");
    });

    /// <summary>
    /// A gradient that never changes has no variance, and rounding makes a little more or less than 0 of it: the root of less
    /// than 0 would be no number.
    /// </summary>
    [Fact]
    public void Centred_RmsProp_bears_gradients_that_do_not_change()
    {
        var parameter = new Parameter<float>("weight", Tensor.Create([0f]));
        var optimizer = new RmsProp<float>([parameter], 1e-6, alpha: 0.5, epsilon: 1e-3, centered: true);
        for (int step = 1; step <= 1000; step++)
        {
            parameter.AccumulateGradient()[0] = 1 / 3f;
            optimizer.Step();
            Assert.True(float.IsFinite(parameter.Value[0]), $"step {step}: {parameter.Value[0]}");
        }
    }

    /// <summary>A checkpoint goes on with the mean of the gradients, and whoever reads it finds that: ½·2, then ½·1 + ½·4.</summary>
    [Fact]
    public void Centred_RmsProp_remembers_the_mean_gradient()
    {
        Parameter<double> parameter = Make("weight", 0);
        var optimizer = new RmsProp<double>([parameter], 0.1, alpha: 0.5, centered: true);
        Assert.Equal("mean gradient", optimizer.MemoryNames[^1]);
        foreach ((double gradient, double mean) in new[] { (2, 1), (4, 2.5) })
        {
            parameter.AccumulateGradient()[0] = gradient;
            optimizer.Step();
            Assert.Equal(mean, optimizer.MemoryOf(0)[optimizer.MemoryNames.Count - 1][0]);
        }
    }

    /// <summary>What a checkpoint keeps of an optimizer, and memory that it does not need it does not take.</summary>
    [Fact]
    public void An_optimizer_remembers_what_its_settings_need()
    {
        Parameter<double>[] one = [Make("weight", 1)];
        Assert.Empty(new Sgd<double>(one, 0.1).MemoryNames);
        Assert.Equal(["velocity"], new Sgd<double>(one, 0.1, momentum: 0.9).MemoryNames);
        Assert.Equal(["first moment", "second moment"], new Adam<double>(one).MemoryNames);
        Assert.Equal(["first moment", "second moment", "largest second moment"], new Adam<double>(one, amsgrad: true).MemoryNames);
        int plain = new RmsProp<double>(one).MemoryNames.Count;
        Assert.DoesNotContain("velocity", new RmsProp<double>(one).MemoryNames);
        Assert.Equal(plain + 1, new RmsProp<double>(one, momentum: 0.9).MemoryNames.Count);
        Assert.Equal(plain + 2, new RmsProp<double>(one, momentum: 0.9, centered: true).MemoryNames.Count);
    }

    /// <summary>Each optimizer with all the memory that it can have.</summary>
    private static Optimizer<T>[] Every<T>(Parameter<T> parameter)
        where T : unmanaged, IFloatingPointIeee754<T> =>
    [
        new Sgd<T>([parameter], 0.1, momentum: 0.9),
        new Adam<T>([parameter], amsgrad: true),
        new AdamW<T>([parameter]),
        new RmsProp<T>([parameter], momentum: 0.9, centered: true),
        new Adagrad<T>([parameter], initialAccumulator: 1),
        new Lion<T>([parameter]),
    ];

    private static Parameter<double> Make(string name, double value) => new(name, Tensor.Create([value]));

    private static void AssertRefused(string name, Func<Optimizer<double>> make) =>
        Assert.Contains(name, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.Ordinal);
}
