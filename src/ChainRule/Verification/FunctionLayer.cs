using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule.Verification;

/// <summary>A hand-written pair of functions as a layer, so that a check can treat it as one: every tensor that it reads is a parameter.</summary>
/// <param name="forward">Computes the outputs from the tensors as they are.</param>
/// <param name="backward">Computes the gradient of each tensor from ∂L/∂a.</param>
/// <param name="tensors">The tensors and their names.</param>
internal sealed class FunctionLayer<T>(Func<Tensor<T>> forward, Func<Tensor<T>, IReadOnlyList<Tensor<T>>> backward, IReadOnlyList<(string Name, Tensor<T> Value)> tensors) : Layer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Parameter<T>[] parameters = [.. tensors.Select(tensor => new Parameter<T>(tensor.Name, tensor.Value))];

    /// <summary>What a check passes as the input, which the function does not have.</summary>
    public static Tensor<T> NoInput => Tensor.CreateFromShape<T>([1]);

    /// <summary>Gradients that came in another shape than their tensors.</summary>
    public Dictionary<string, string> WrongShapes { get; } = [];

    public override bool HasInputGradient => false;

    public override IReadOnlyList<Parameter<T>> Parameters => parameters;

    public override string ToString() => "the function";

    public override Tensor<T> Forward(Tensor<T> input) => forward();

    public override Tensor<T> Backward(Tensor<T> outputGradient)
    {
        IReadOnlyList<Tensor<T>> gradients = backward(outputGradient);
        if (gradients.Count != parameters.Length)
        {
            throw new ArgumentException($"The backward function returns {gradients.Count} gradients: expected one for each of the {parameters.Length} tensors, in their order.");
        }

        for (int i = 0; i < parameters.Length; i++)
        {
            Span<T> sum = parameters[i].AccumulateGradient();
            if (gradients[i].Lengths.SequenceEqual(parameters[i].Value.Lengths))
            {
                TensorPrimitives.Add(sum, gradients[i].ToArray(), sum);
            }
            else
            {
                WrongShapes[parameters[i].Name] = $"Its gradient has the shape {Shape.Describe(gradients[i].Lengths)}, and the tensor {Shape.Describe(parameters[i].Value.Lengths)}.";
                sum.Fill(T.NaN);
            }
        }

        return Tensor<T>.Empty;
    }
}
