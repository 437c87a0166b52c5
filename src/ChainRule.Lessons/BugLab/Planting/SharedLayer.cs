using System.Numerics.Tensors;

namespace ChainRule.Lessons.BugLab.Planting;

/// <summary>A layer of another network in a place of its own: the same function and the same values, gradients of its own.</summary>
/// <param name="layer">The layer.</param>
internal sealed class SharedLayer(Layer<double> layer) : Layer<double>
{
    private readonly Parameter<double>[] parameters = [.. layer.Parameters.Select(SharedParameter.Of)];

    public override IReadOnlyList<Parameter<double>> Parameters => parameters;

    public override bool IsTraining
    {
        get => layer.IsTraining;
        set => layer.IsTraining = value;
    }

    public override Tensor<double> Forward(Tensor<double> input) => layer.Forward(input);

    public override Tensor<double> Backward(Tensor<double> outputGradient)
    {
        bool needed = layer.NeedsInputGradient;
        layer.NeedsInputGradient = NeedsInputGradient;
        foreach (Parameter<double> parameter in layer.Parameters)
        {
            parameter.DiscardGradient();
        }

        Tensor<double> inputGradient = layer.Backward(outputGradient);
        for (int i = 0; i < parameters.Length; i++)
        {
            Span<double> gradient = parameters[i].AccumulateGradient();
            TensorPrimitives.Add(gradient, layer.Parameters[i].Gradient.AsSpan(), gradient);
            layer.Parameters[i].DiscardGradient();
        }

        layer.NeedsInputGradient = needed;
        return inputGradient;
    }

    public override string ToString() => layer.ToString();
}

/// <summary>A parameter of another network with a gradient of its own.</summary>
internal static class SharedParameter
{
    /// <summary>The same value under the name that it has in its layer.</summary>
    public static Parameter<double> Of(Parameter<double> parameter) => new(parameter.Name[(parameter.Name.LastIndexOf('.') + 1)..], parameter.Value);
}
