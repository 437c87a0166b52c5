using System.Numerics.Tensors;
using ChainRule.Autodiff;

namespace ChainRule.Lessons;

/// <summary>
/// The loss of <see cref="TwoLayerPerceptron"/> written once more with <see cref="Scalar"/>, forward only: the derivatives
/// follow by themselves, an opinion that knows nothing of the backward pass by hand.
/// </summary>
internal static class ScalarPerceptron
{
    /// <summary>dL/dW1, dL/db1, dL/dW2 and dL/db2 of the mean squared error over a batch.</summary>
    public static IReadOnlyList<Tensor<double>> Gradients(IReadOnlyList<NamedTensor> parameters, Tensor<double> inputs, Tensor<double> targets)
    {
        Scalar[][] leaves = [.. parameters.Select(parameter => parameter.Value.Select(value => new Scalar(value)).ToArray())];
        (Scalar[] w1, Scalar[] b1, Scalar[] w2, Scalar[] b2) = (leaves[0], leaves[1], leaves[2], leaves[3]);
        int hidden = b1.Length;
        Scalar sum = 0;
        for (int sample = 0; sample < inputs.Lengths[0]; sample++)
        {
            Scalar z2 = b2[0];
            for (int unit = 0; unit < hidden; unit++)
            {
                Scalar z1 = b1[unit];
                for (int input = 0; input < inputs.Lengths[1]; input++)
                {
                    z1 += inputs[sample, input] * w1[(input * hidden) + unit];
                }

                z2 += Scalar.Relu(z1) * w2[unit];
            }

            sum += Scalar.Pow(Scalar.Sigmoid(z2) - targets[sample, 0], 2);
        }

        Scalar loss = sum / inputs.Lengths[0];
        loss.Backward();
        return [.. parameters.Select((parameter, i) => Tensor.Create([.. leaves[i].Select(leaf => leaf.Gradient)], parameter.Value.Lengths))];
    }
}
