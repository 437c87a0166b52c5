using System.Numerics.Tensors;
using ChainRule.Random;

namespace ChainRule.Lessons;

/// <summary>
/// A network of two layers, forward and backward written as on paper:
/// x → [W1, b1] → ReLU → [W2, b2] → sigmoid, with the loss L = mean((a2 − y)²).
/// </summary>
/// <remarks>
/// It shares no code with the engine's layers, which have to give the same gradients. Every operation makes a new tensor:
/// slow, and as short as the formulas. Names are those of the formulas. The rows of X and y are the m samples of the batch.
/// </remarks>
public sealed class TwoLayerPerceptron
{
    private Tensor<double> W1; // (inputs, hidden)
    private Tensor<double> b1; // (hidden)
    private Tensor<double> W2; // (hidden, outputs)
    private Tensor<double> b2; // (outputs)

    /// <summary>Draws the first weights from the normal distribution times √(2 / fan-in), and starts the biases at 0.</summary>
    /// <remarks>
    /// That factor keeps the size of the signal through a ReLU. It is often called Xavier's; it is He's: He, Zhang, Ren and
    /// Sun, Delving Deep into Rectifiers (2015). Xavier Glorot's is √(2 / (fan-in + fan-out)) (Glorot and Bengio, 2010).
    /// </remarks>
    /// <param name="inputs">The number of inputs of a sample.</param>
    /// <param name="hidden">The number of hidden units.</param>
    /// <param name="outputs">The number of outputs of a sample.</param>
    /// <param name="random">Where the weights are drawn from: W1 row by row, then W2.</param>
    public TwoLayerPerceptron(int inputs, int hidden, int outputs, NumPyRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        W1 = random.Randn(inputs, hidden) * Math.Sqrt(2.0 / inputs);
        b1 = Tensor.CreateFromShape<double>([hidden]);
        W2 = random.Randn(hidden, outputs) * Math.Sqrt(2.0 / hidden);
        b2 = Tensor.CreateFromShape<double>([outputs]);
    }

    /// <summary>W1, b1, W2 and b2: the tensors themselves, not copies, as they are until the next <see cref="Update"/>.</summary>
    public IReadOnlyList<NamedTensor> Parameters => [new("W1", W1), new("b1", b1), new("W2", W2), new("b2", b2)];

    /// <summary>Computes the predictions a2, and keeps every step on the way.</summary>
    /// <param name="X">The inputs, shape (m, inputs).</param>
    public ForwardPass Forward(Tensor<double> X)
    {
        ArgumentNullException.ThrowIfNull(X);
        Tensor<double> z1 = X.MatMul(W1) + b1;                 // (m, hidden)
        Tensor<double> a1 = z1.Map(Activation.Relu);           // (m, hidden)
        Tensor<double> z2 = a1.MatMul(W2) + b2;                // (m, outputs)
        Tensor<double> a2 = z2.Map(Activation.Sigmoid);        // (m, outputs)
        return new ForwardPass(X, z1, a1, z2, a2);
    }

    /// <summary>L = mean((a2 − y)²), over all m values.</summary>
    /// <param name="a2">The predictions, shape (m, outputs).</param>
    /// <param name="y">What they should be, in the same shape.</param>
    public static double Loss(Tensor<double> a2, Tensor<double> y)
    {
        Tensor<double> difference = a2 - y;
        return (difference * difference).Average();
    }

    /// <summary>Undoes the lines of <see cref="Forward"/> and <see cref="Loss"/>, last line first.</summary>
    /// <param name="forward">What the forward pass kept.</param>
    /// <param name="y">What the predictions should be, shape (m, outputs).</param>
    public BackwardPass Backward(ForwardPass forward, Tensor<double> y)
    {
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(y);
        (Tensor<double> X, Tensor<double> z1, Tensor<double> a1, Tensor<double> z2, Tensor<double> a2) = forward;
        double m = a2.FlattenedLength;

        // L = mean((a2 − y)²): each of the m values has its share of the mean.
        Tensor<double> lossByA2 = 2.0 * (a2 - y) / m;                                  // dL/da2, (m, outputs)

        // a2 = σ(z2): element by element, so the slope is multiplied element by element.
        Tensor<double> lossByZ2 = lossByA2 * z2.Map(Activation.SigmoidDerivative);     // dL/dz2, (m, outputs)

        // z2 = a1·W2 + b2: W2 met a1, so a1 comes back, transposed to fit; the product adds up over the batch.
        Tensor<double> lossByW2 = a1.Transpose().MatMul(lossByZ2);                     // dL/dW2, (hidden, outputs)

        // z2 = a1·W2 + b2: b2 was added to every sample, so the slopes of all samples add up.
        Tensor<double> lossByB2 = lossByZ2.SumOverBatch();                             // dL/db2, (outputs)

        // z2 = a1·W2 + b2: a1 met W2, so W2 comes back, transposed to fit.
        Tensor<double> lossByA1 = lossByZ2.MatMul(W2.Transpose());                     // dL/da1, (m, hidden)

        // a1 = relu(z1): what was let through passes, what was cut off stays cut off.
        Tensor<double> lossByZ1 = lossByA1 * z1.Map(Activation.ReluDerivative);        // dL/dz1, (m, hidden)

        // z1 = X·W1 + b1: as for W2 and b2.
        Tensor<double> lossByW1 = X.Transpose().MatMul(lossByZ1);                      // dL/dW1, (inputs, hidden)
        Tensor<double> lossByB1 = lossByZ1.SumOverBatch();                             // dL/db1, (hidden)
        return new BackwardPass(lossByA2, lossByZ2, lossByW2, lossByB2, lossByA1, lossByZ1, lossByW1, lossByB1);
    }

    /// <summary>One step down the slope: θ ← θ − learning rate · dL/dθ.</summary>
    /// <param name="gradients">The slopes.</param>
    /// <param name="learningRate">How far the step goes.</param>
    public void Update(BackwardPass gradients, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(gradients);

        // Not -=, which changes a tensor in place: whoever holds the old one wants it as it was.
        W1 = W1 - learningRate * gradients.LossByW1;
        b1 = b1 - learningRate * gradients.LossByB1;
        W2 = W2 - learningRate * gradients.LossByW2;
        b2 = b2 - learningRate * gradients.LossByB2;
    }
}

/// <summary>What the forward pass of a <see cref="TwoLayerPerceptron"/> keeps for the way back.</summary>
/// <param name="X">The inputs, shape (m, inputs).</param>
/// <param name="Z1">z1 = X·W1 + b1, shape (m, hidden).</param>
/// <param name="A1">a1 = relu(z1), shape (m, hidden).</param>
/// <param name="Z2">z2 = a1·W2 + b2, shape (m, outputs).</param>
/// <param name="A2">a2 = σ(z2), shape (m, outputs): the predictions.</param>
public sealed record ForwardPass(Tensor<double> X, Tensor<double> Z1, Tensor<double> A1, Tensor<double> Z2, Tensor<double> A2);

/// <summary>The slopes of the loss along everything that the forward pass of a <see cref="TwoLayerPerceptron"/> computed or used.</summary>
/// <param name="LossByA2">dL/da2 = 2(a2 − y)/m, shape (m, outputs).</param>
/// <param name="LossByZ2">dL/dz2 = dL/da2 · σ′(z2), shape (m, outputs).</param>
/// <param name="LossByW2">dL/dW2 = a1ᵀ·dL/dz2, shape (hidden, outputs).</param>
/// <param name="LossByB2">dL/db2 = Σ over the batch of dL/dz2, shape (outputs).</param>
/// <param name="LossByA1">dL/da1 = dL/dz2·W2ᵀ, shape (m, hidden).</param>
/// <param name="LossByZ1">dL/dz1 = dL/da1 · relu′(z1), shape (m, hidden).</param>
/// <param name="LossByW1">dL/dW1 = Xᵀ·dL/dz1, shape (inputs, hidden).</param>
/// <param name="LossByB1">dL/db1 = Σ over the batch of dL/dz1, shape (hidden).</param>
public sealed record BackwardPass(
    Tensor<double> LossByA2,
    Tensor<double> LossByZ2,
    Tensor<double> LossByW2,
    Tensor<double> LossByB2,
    Tensor<double> LossByA1,
    Tensor<double> LossByZ1,
    Tensor<double> LossByW1,
    Tensor<double> LossByB1)
{
    /// <summary>dL/dW1, dL/db1, dL/dW2 and dL/db2, in the order of <see cref="TwoLayerPerceptron.Parameters"/>.</summary>
    public IReadOnlyList<NamedTensor> ParameterGradients => [new("W1", LossByW1), new("b1", LossByB1), new("W2", LossByW2), new("b2", LossByB2)];
}
