using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>A layer or loss that is run by itself in experiments: what it answers is its own, and nothing is left of it behind.</summary>
public class PieceTests
{
    /// <summary>A layer that moves a parameter in its passes does it again in each: what is measured starts from the same values.</summary>
    [Theory]
    [InlineData(Fault.ParameterChangedByForward)]
    [InlineData(Fault.InputChangedByForward)]
    [InlineData(Fault.InputChangedByBackward)]
    public void Values_come_back_after_each_pass(Fault fault)
    {
        var layer = new FaultyLayer<double>(fault, 3);
        Tensor<double> x = Tensor.Create([1.0, 2, 3], [1, 3]);
        Piece piece = Piece.Of(new CheckedNetwork(layer, null, x, null))[0];
        double[] output = piece.Forward();
        double[][] gradients = piece.Backward([1, 1, 1]);
        Assert.Equal(output, piece.Forward());
        Assert.Equal(gradients, piece.Backward([1, 1, 1]));
        Assert.Equal([1, 1.25, 1.5], layer.Parameters[0].Value);
        Assert.Equal([1.0, 2, 3], piece.Input);
        Assert.Equal([1.0, 2, 3], x);
    }

    /// <summary>What was added up before does not count, and what was added up in the experiment is forgotten.</summary>
    [Theory]
    [InlineData(Fault.None, 2)]
    [InlineData(Fault.ParameterNeverReached, 0)]
    public void Gradients_of_other_passes_do_not_count(Fault fault, double expected)
    {
        var layer = new FaultyLayer<double>(fault, 1);
        layer.Parameters[0].AccumulateGradient()[0] = 5;
        Piece piece = Piece.Of(new CheckedNetwork(layer, null, GivenSlopes.Ones([2, 1]), null))[0];
        Assert.Equal([expected], piece.Backward([1, 1])[0]);
        Assert.False(layer.Parameters[0].HasGradient);
        Assert.Equal([expected], piece.Backward([1, 1])[0]);
    }

    [Fact]
    public void A_layer_without_a_gradient_of_its_input_claims_none() =>
        Assert.Empty(Piece.Of(new CheckedNetwork(new Embedding<double>(3, 2, new NumPyRandom(1)), null, Tensor.Create([0.0, 2], [1, 2]), null))[0].Backward([1, 2, 3, 4])[1]);

    /// <summary>Samples are rows of whatever shape: of three with two numbers each the last and the first.</summary>
    [Fact]
    public void Some_samples_are_taken_with_all_their_numbers()
    {
        Piece piece = Piece.Of(new CheckedNetwork(new Tanh<double>(), null, Tensor.Create([1.0, 2, 3, 4, 5, 6], [3, 2, 1]), null))[0].Take([2, 0]);
        Assert.Equal([5.0, 6, 1, 2], piece.Input);
        Assert.Equal([2, 2, 1], piece.Input.Lengths.ToArray());
    }

    /// <summary>A loss on some of the samples gives their gradient, whatever it was asked for before: (2 − 1)²/1 has the slope 2.</summary>
    [Fact]
    public void A_loss_answers_for_its_own_samples()
    {
        Tensor<double> prediction = Tensor.Create([4.0, 2], [2, 1]);
        Piece both = Piece.Of(new CheckedNetwork(new Reshape<double>(1), new MeanSquaredError<double>(), prediction, GivenSlopes.Ones([2, 1])))[1];
        Piece last = both.Take([1]);
        Assert.Equal(5, both.Forward()[0]);
        Assert.Equal([2.0], last.Backward([1])[0]);
        Assert.Equal([3.0, 1], both.Backward([1])[0]);
    }
}
