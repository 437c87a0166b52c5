namespace ChainRule.Lessons;

/// <summary>
/// The smallest network: one weight, one bias, one sigmoid. y = σ(w·x + b), with the loss L = (y − target)².
/// All of its quantities are single numbers.
/// </summary>
/// <param name="weight">w.</param>
/// <param name="bias">b.</param>
public sealed class SingleNeuron(double weight, double bias)
{
    /// <summary>w.</summary>
    public double Weight => weight;

    /// <summary>b.</summary>
    public double Bias => bias;

    /// <summary>Computes the prediction and the loss, and keeps what <see cref="Backward"/> needs.</summary>
    /// <param name="x">The input.</param>
    /// <param name="target">What the prediction should be.</param>
    public NeuronForward Forward(double x, double target)
    {
        double z = (weight * x) + bias;
        double a = Activation.Sigmoid(z);
        double loss = (a - target) * (a - target);
        return new NeuronForward(x, target, z, a, loss);
    }

    /// <summary>Undoes the lines of <see cref="Forward"/>, last line first.</summary>
    /// <param name="forward">What the forward pass kept.</param>
    public static NeuronBackward Backward(NeuronForward forward)
    {
        (double x, double target, double z, double a, _) = forward;

        // L = (a − target)², so the slope of L along a is
        double lossByA = 2 * (a - target);

        // a = σ(z), so the slope of a along z is
        double aByZ = Activation.SigmoidDerivative(z);

        // z = w·x + b, so the slopes of z along w and along b are
        double zByWeight = x;
        double zByBias = 1;

        // The chain rule: slopes along a road multiply.
        double lossByWeight = lossByA * aByZ * zByWeight;
        double lossByBias = lossByA * aByZ * zByBias;
        return new NeuronBackward(lossByA, aByZ, zByWeight, zByBias, lossByWeight, lossByBias);
    }
}

/// <summary>What the forward pass of a <see cref="SingleNeuron"/> computed.</summary>
/// <param name="X">The input.</param>
/// <param name="Target">What the prediction should be.</param>
/// <param name="Z">z = w·x + b.</param>
/// <param name="A">a = σ(z), the prediction.</param>
/// <param name="Loss">L = (a − target)².</param>
public sealed record NeuronForward(double X, double Target, double Z, double A, double Loss);

/// <summary>The factors of the chain rule of a <see cref="SingleNeuron"/> and their products.</summary>
/// <param name="LossByA">dL/da = 2(a − target).</param>
/// <param name="AByZ">da/dz = σ′(z).</param>
/// <param name="ZByWeight">dz/dw = x.</param>
/// <param name="ZByBias">dz/db = 1.</param>
/// <param name="LossByWeight">dL/dw = dL/da · da/dz · dz/dw.</param>
/// <param name="LossByBias">dL/db = dL/da · da/dz · dz/db.</param>
public sealed record NeuronBackward(double LossByA, double AByZ, double ZByWeight, double ZByBias, double LossByWeight, double LossByBias);
