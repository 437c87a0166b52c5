using System.Globalization;
using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>Changes parameters so that the loss falls, from their gradients: θ ← θ − update(∂L/∂θ).</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Optimizer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Parameter<T>[] parameters;
    private readonly OptimizerMemory<T>?[] memories;

    /// <summary>Takes charge of parameters.</summary>
    /// <param name="parameters">The parameters, e.g. <c>network.Parameters</c>.</param>
    /// <param name="learningRate">The first value of <see cref="LearningRate"/>.</param>
    /// <exception cref="ArgumentException">There are no parameters, or one of them comes twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The learning rate is negative or not finite.</exception>
    protected Optimizer(IEnumerable<Parameter<T>> parameters, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        this.parameters = [.. parameters];
        if (this.parameters.Length == 0)
        {
            throw new ArgumentException("An optimizer needs at least one parameter, got none.", nameof(parameters));
        }

        if (this.parameters.GroupBy(parameter => parameter).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Parameter '{twice.Key.Name}' was given twice: each step would change it twice.", nameof(parameters));
        }

        memories = new OptimizerMemory<T>?[this.parameters.Length];
        LearningRate = learningRate;
    }

    /// <summary>How far a step goes; it may change from step to step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double LearningRate
    {
        get;
        set
        {
            RequireRange(value, 0, double.MaxValue, "learning rate");
            field = value;
        }
    }

    /// <summary>The parameters in charge, in their order.</summary>
    public IReadOnlyList<Parameter<T>> Parameters => parameters;

    /// <summary>What the optimizer is, e.g. Adam.</summary>
    public override string ToString() => GetType().Name.Split('`')[0];

    /// <summary>
    /// Changes every parameter by its gradient. Afterwards the gradients count as used: the next
    /// <see cref="Layer{T}.Backward"/> overwrites them. A parameter without a new gradient stays as it is.
    /// </summary>
    /// <exception cref="InvalidOperationException">No parameter has a gradient since the last step.</exception>
    public void Step()
    {
        bool any = false;
        for (int i = 0; i < parameters.Length; i++)
        {
            Parameter<T> parameter = parameters[i];
            if (parameter.HasGradient)
            {
                any = true;
                OptimizerMemory<T> memory = MemoryOf(i);
                memory.Steps++;
                Update(memory, parameter.Value.AsSpan(), parameter.Gradient.AsSpan());
                parameter.DiscardGradient();
            }
        }

        if (!any)
        {
            throw new InvalidOperationException("Step was called but no parameter has a gradient since the last step: run Forward and Backward first.");
        }
    }

    /// <summary>What is remembered of each parameter, one tensor in its shape for each name; nothing by default.</summary>
    public virtual IReadOnlyList<string> MemoryNames => [];

    /// <summary>Changes one parameter.</summary>
    /// <param name="memory">What is remembered of it: how many steps it has had, and a tensor for each of <see cref="MemoryNames"/>.</param>
    /// <param name="value">θ, row by row, changed in place.</param>
    /// <param name="gradient">∂L/∂θ, row by row.</param>
    protected abstract void Update(OptimizerMemory<T> memory, Span<T> value, ReadOnlySpan<T> gradient);

    /// <summary>What is remembered of the parameter with an index: all zeros before its first step.</summary>
    internal OptimizerMemory<T> MemoryOf(int index) => memories[index] ??= new OptimizerMemory<T>(MemoryNames.Count, (int)parameters[index].Value.FlattenedLength);

    /// <summary>Throws where a setting does not lie in [minimum, maximum], or is not a number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not.</exception>
    private protected static void RequireRange(double value, double minimum, double maximum, string what)
    {
        if (!(value >= minimum && value <= maximum))
        {
            string range = maximum == double.MaxValue ? $"a finite number of at least {minimum}" : string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {maximum}");
            throw new ArgumentOutOfRangeException(nameof(value), value, string.Create(CultureInfo.InvariantCulture, $"The {what} is {value}: expected {range}."));
        }
    }
}
