namespace ChainRule.Training;

/// <summary>How the learning rate changes over a training run: η(step) = η₀ · <see cref="Factor"/>.</summary>
public abstract record LearningRateSchedule
{
    /// <summary>The same learning rate all the time.</summary>
    public static LearningRateSchedule Constant { get; } = new ConstantSchedule();

    /// <summary>The factor for a step.</summary>
    /// <param name="step">The step, counted from 0.</param>
    /// <param name="steps">The number of steps of the whole run.</param>
    public abstract double Factor(int step, int steps);

    private sealed record ConstantSchedule : LearningRateSchedule
    {
        public override double Factor(int step, int steps) => 1;
    }
}

/// <summary>The learning rate falls in stairs: factor = decay^⌊stairs · step / steps⌋. With decay 0.1 and 3 stairs: 1, 0.1, 0.01.</summary>
/// <param name="Stairs">The number of stairs of the run.</param>
/// <param name="Decay">What each stair multiplies with.</param>
public sealed record StepSchedule(int Stairs = 3, double Decay = 0.1) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double Factor(int step, int steps) => Math.Pow(Decay, (long)Stairs * step / Math.Max(1, steps));
}

/// <summary>
/// The learning rate falls along half a cosine from 1 to 0: factor = ½(1 + cos(π · t)), t = step / steps. Before that it may
/// rise in a straight line, over the first <paramref name="Warmup"/> share of the run: factor = (step + 1) / (steps of warm-up).
/// Source: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts (2017), equation 5, without restarts.
/// </summary>
/// <param name="Warmup">The share of the steps that warm up, from 0 (none) to 1.</param>
public sealed record CosineSchedule(double Warmup = 0) : LearningRateSchedule
{
    /// <inheritdoc/>
    public override double Factor(int step, int steps)
    {
        int warmupSteps = (int)Math.Round(Warmup * steps);
        return step < warmupSteps
            ? (step + 1.0) / warmupSteps
            : 0.5 * (1 + Math.Cos(Math.PI * (step - warmupSteps) / Math.Max(1, steps - warmupSteps)));
    }
}
