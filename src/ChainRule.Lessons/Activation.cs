namespace ChainRule.Lessons;

/// <summary>The lesson's two activation functions, each with its derivative right below it.</summary>
public static class Activation
{
    /// <summary>
    /// σ(x) = 1 / (1 + e⁻ˣ). x is clipped to [−500, 500] first: e⁻ˣ would overflow beyond, and σ is 0 or 1 there to the
    /// last digit anyway.
    /// </summary>
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-Math.Clamp(x, -500, 500)));

    /// <summary>σ′(x) = σ(x)·(1 − σ(x)), at most ¼.</summary>
    public static double SigmoidDerivative(double x)
    {
        double s = Sigmoid(x);
        return s * (1 - s);
    }

    /// <summary>relu(x) = max(0, x).</summary>
    public static double Relu(double x) => Math.Max(0, x);

    /// <summary>relu′(x) = 1 where x &gt; 0, else 0. At x = 0 there is a corner and no derivative; 0 is the convention.</summary>
    public static double ReluDerivative(double x) => x > 0 ? 1 : 0;
}
