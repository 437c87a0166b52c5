using System.Numerics.Tensors;
using ChainRule.Losses;
using Xunit;

namespace ChainRule.Tests.Losses;

/// <summary>Mistakes get a message that names the loss and both shapes, or the value that no target can be.</summary>
public class LossErrorTests
{
    private static readonly Loss<double>[] All = Create();

    [Fact]
    public void Backward_before_Forward() =>
        Assert.All(Create(), loss =>
            Assert.StartsWith($"{loss}: Backward was called before Forward.", Assert.Throws<InvalidOperationException>(loss.Backward).Message, StringComparison.Ordinal));

    [Fact]
    public void Empty_batch() =>
        Assert.All(All, loss => Assert.StartsWith($"{loss}: the prediction is empty", Message(loss, [0, 2], [0, 2]), StringComparison.Ordinal));

    [Fact]
    public void Empty_target() =>
        Assert.All(All, loss => Assert.StartsWith($"{loss}: the target is empty", Message(loss, [2, 2], [0, 2]), StringComparison.Ordinal));

    [Fact]
    public void Mismatched_targets()
    {
        Assert.All(All[..^2], loss => Assert.StartsWith($"{loss}: expected targets in the shape of the predictions, (4, 1), got (4,).", Message(loss, [4, 1], [4]), StringComparison.Ordinal));
        Assert.StartsWith("SoftmaxCrossEntropy: for predictions of shape (4, 3) expected targets of shape (4,), class indices, or (4, 3), probabilities; got (3,).", Message(new SoftmaxCrossEntropy<double>(), [4, 3], [3]), StringComparison.Ordinal);
        Assert.StartsWith("SoftmaxCrossEntropy: expected predictions of shape (batch, …, classes), got (4,).", Message(new SoftmaxCrossEntropy<double>(), [4], [4]), StringComparison.Ordinal);
    }

    [Fact]
    public void Hinge_takes_signs_or_class_indices()
    {
        var hinge = new Hinge<double>();
        Assert.StartsWith("Hinge(1): for predictions of shape (4, 3) expected targets of the same shape, 1 or −1, or of shape (4,), class indices; got (3,).", Message(hinge, [4, 3], [3]), StringComparison.Ordinal);
        Assert.StartsWith("Hinge(1): for predictions of shape (4,) expected targets of the same shape, 1 or −1; got (3,).", Message(hinge, [4], [3]), StringComparison.Ordinal);
        Assert.StartsWith("Hinge(1): expected targets of 1 or −1, got 0 at position 0.", Message(hinge, [2, 2], [2, 2]), StringComparison.Ordinal);
        var error = Assert.Throws<ArgumentException>(() => hinge.Forward(Tensor.CreateFromShape<double>([2, 3]), Tensor.Create([0.0, 3])));
        Assert.StartsWith("Hinge(1): for predictions of shape (2, 3) expected class indices from 0 to 2, got 3 for sample 1.", error.Message, StringComparison.Ordinal);
        Assert.True(double.IsNaN(hinge.Forward(Tensor.Create([double.NaN, 1]), Tensor.Create([1.0, 1]))));
        Assert.True(double.IsNaN(hinge.Forward(Tensor.Create([double.NaN, 1], [1, 2]), Tensor.Create([1.0]))));
    }

    [Theory]
    [InlineData(-0.25)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Kullback_Leibler_takes_probabilities(double target)
    {
        var error = Assert.Throws<ArgumentException>(() => new KullbackLeibler<double>().Forward(Tensor.Create([-1.0]), Tensor.Create([target])));
        Assert.StartsWith($"KullbackLeibler: expected targets that are probabilities, at least 0, got {target} at position 0.", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A class that the targets exclude may have the probability 0.</summary>
    [Fact]
    public void A_target_of_0_asks_for_nothing()
    {
        Tensor<double> logarithms = Tensor.Create([double.NegativeInfinity, 0], [1, 2]);
        Assert.Equal(0, new KullbackLeibler<double>().Forward(logarithms, Tensor.Create([0.0, 1], [1, 2])));
    }

    [Fact]
    public void Settings_out_of_range()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Huber<double>(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Huber<double>(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Hinge<double>(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Hinge<double>(double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SoftmaxCrossEntropy<double>(1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SoftmaxCrossEntropy<double>(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SoftmaxCrossEntropy<double>(0, [1, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Penalty<double>([], -1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Penalty<double>([], 0, double.NaN));
        Assert.StartsWith("SoftmaxCrossEntropy: expected predictions of shape (batch, …, 2) for 2 class weights, got (1, 3).", Message(new SoftmaxCrossEntropy<double>(0, [1, 2]), [1, 3], [1]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    [InlineData(1e300)]
    public void Class_index_out_of_range(double index)
    {
        var loss = new SoftmaxCrossEntropy<double>();
        var error = Assert.Throws<ArgumentException>(() => loss.Forward(Tensor.CreateFromShape<double>([2, 3]), Tensor.Create([0.0, index])));
        Assert.StartsWith($"SoftmaxCrossEntropy: for predictions of shape (2, 3) expected class indices from 0 to 2, got {index} for sample 1.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sequences_whose_classes_or_shapes_do_not_fit()
    {
        var loss = new SoftmaxCrossEntropy<double>();
        Assert.StartsWith("SoftmaxCrossEntropy: for predictions of shape (2, 3, 4) expected targets of shape (2, 3), class indices, or (2, 3, 4), probabilities; got (6,).", Message(loss, [2, 3, 4], [6]), StringComparison.Ordinal);
        var error = Assert.Throws<ArgumentException>(() => loss.Forward(Tensor.CreateFromShape<double>([2, 3, 4]), Tensor.Create([0.0, 1, 2, 3, 0, 4], [2, 3])));
        Assert.StartsWith("SoftmaxCrossEntropy: for predictions of shape (2, 3, 4) expected class indices from 0 to 3, got 4 at [1, 2].", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1.5, 0)]
    [InlineData(0.5, -0.1)]
    public void Binary_cross_entropy_takes_probabilities(double prediction, double target)
    {
        var error = Assert.Throws<ArgumentException>(() => new BinaryCrossEntropy<double>().Forward(Tensor.Create([prediction]), Tensor.Create([target])));
        Assert.Contains("expected probabilities from 0 to 1", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new BinaryCrossEntropyWithLogits<double>().Forward(Tensor.Create([0.0]), Tensor.Create([1.01])));
    }

    /// <summary>Training that went wrong must be seen in the loss.</summary>
    [Fact]
    public void Not_a_number_goes_through()
    {
        Assert.All(All.Where(loss => loss is not Hinge<double>), loss => Assert.True(double.IsNaN(loss.Forward(Tensor.Create([double.NaN, 0.5], [1, 2]), Tensor.Create([1.0, 0], [1, 2])))));
        var hinge = new Hinge<double>();
        Assert.True(double.IsNaN(hinge.Forward(Tensor.Create([double.NaN, 0.5], [1, 2]), Tensor.Create([1.0, -1], [1, 2]))));
        Assert.True(double.IsNaN(hinge.Backward()[0, 0]));
    }

    /// <summary>Those with targets in the shape of the predictions alone come first; the last two take class indices too, the last but one ±1.</summary>
    private static Loss<double>[] Create() =>
    [
        new MeanSquaredError<double>(), new MeanAbsoluteError<double>(), new Huber<double>(), new BinaryCrossEntropy<double>(), new BinaryCrossEntropyWithLogits<double>(),
        new KullbackLeibler<double>(), new Hinge<double>(), new SoftmaxCrossEntropy<double>(),
    ];

    private static string Message(Loss<double> loss, nint[] prediction, nint[] target) =>
        Assert.Throws<ArgumentException>(() => loss.Forward(Tensor.CreateFromShape<double>(prediction), Tensor.CreateFromShape<double>(target))).Message;
}
