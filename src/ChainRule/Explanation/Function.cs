using ChainRule.Kernels;

namespace ChainRule.Explanation;

/// <summary>The functions that a formula may hold.</summary>
public enum Function
{
    /// <summary>σ(x) = 1/(1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>ln(1 + eˣ).</summary>
    Softplus,

    /// <summary>Φ(x), the normal distribution.</summary>
    NormalDistribution,

    /// <summary>φ(x), the density of the normal distribution.</summary>
    NormalDensity,

    /// <summary>eˣ.</summary>
    Exponential,

    /// <summary>ln x.</summary>
    Logarithm,

    /// <summary>√x.</summary>
    SquareRoot,
}

/// <summary>What functions are called and what they give.</summary>
public static class FunctionExtensions
{
    /// <summary>The function's name in a formula, e.g. σ.</summary>
    /// <param name="function">The function.</param>
    public static string Name(this Function function) => function switch
    {
        Function.Sigmoid => "σ",
        Function.Tanh => "tanh",
        Function.Relu => "relu",
        Function.Softplus => "softplus",
        Function.NormalDistribution => "Φ",
        Function.NormalDensity => "φ",
        Function.Exponential => "exp",
        Function.SquareRoot => "√",
        _ => "ln",
    };

    /// <summary>The function's value.</summary>
    /// <param name="function">The function.</param>
    /// <param name="x">Where.</param>
    public static double Invoke(this Function function, double x) => function switch
    {
        Function.Sigmoid => Elementary.Sigmoid(x),
        Function.Tanh => Math.Tanh(x),
        Function.Relu => Math.Max(0, x),
        Function.Softplus => Elementary.Softplus(x),
        Function.NormalDistribution => ErrorFunction.NormalCumulative(x),
        Function.NormalDensity => ErrorFunction.NormalDensity(x),
        Function.Exponential => Math.Exp(x),
        Function.SquareRoot => Math.Sqrt(x),
        _ => Math.Log(x),
    };
}
