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
        AssertRefused("at least one parameter", () => new Adam<double>([]));
        AssertRefused("'weight' was given twice", () => new Adam<double>([one[0], one[0]]));
    }

    private static Parameter<double> Make(string name, double value) => new(name, Tensor.Create([value]));

    private static void AssertRefused(string name, Func<Optimizer<double>> make) =>
        Assert.Contains(name, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.Ordinal);
}
