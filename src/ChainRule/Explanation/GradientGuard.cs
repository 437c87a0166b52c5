using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule.Explanation;

/// <summary>Lets a network be run backward for other purposes: its gradients, running statistics and settings come back as they were.</summary>
internal sealed class GradientGuard<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Stage<T>[] stages;
    private readonly bool[] needed;
    private readonly (Parameter<T> Parameter, bool HasGradient, T[] Gradient)[] parameters;
    private readonly (RunningStatistic<T> Statistic, T[] Value)[] statistics;

    /// <summary>Keeps what there is; from now on every layer computes the gradient of its input.</summary>
    public GradientGuard(Stage<T>[] stages)
    {
        this.stages = stages;
        needed = [.. stages.Select(stage => stage.Layer.NeedsInputGradient)];
        parameters = [.. stages.SelectMany(stage => stage.Layer.Parameters).Select(parameter => (parameter, parameter.HasGradient, parameter.Gradient.AsSpan().ToArray()))];
        statistics = [.. stages.SelectMany(stage => stage.Layer.Statistics).Select(statistic => (statistic, statistic.Value.AsSpan().ToArray()))];
        foreach (Stage<T> stage in stages)
        {
            stage.Layer.NeedsInputGradient = true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int i = 0; i < stages.Length; i++)
        {
            stages[i].Layer.NeedsInputGradient = needed[i];
        }

        foreach ((Parameter<T> parameter, bool hasGradient, T[] gradient) in parameters)
        {
            parameter.DiscardGradient();
            if (hasGradient)
            {
                parameter.BeginGradient(out _);
            }

            gradient.CopyTo(parameter.Gradient.AsSpan());
        }

        foreach ((RunningStatistic<T> statistic, T[] value) in statistics)
        {
            value.CopyTo(statistic.Value.AsSpan());
        }
    }
}
