using System.Numerics.Tensors;
using ChainRule.Autodiff;
using ChainRule.Random;
using ChainRule.Verification;
using ChainRule.Verification.Catalogue;

namespace ChainRule.Cli.Checking;

/// <summary>
/// Proves every layer and every loss of the library four ways on the inputs that PyTorch's numbers are for: by hand, by automatic
/// differentiation, numerically, and against PyTorch. For each value the median of by hand, autodiff and PyTorch is the reference,
/// so that whichever is wrong stands out.
/// </summary>
internal static class LibraryProof
{
    private const double MostExact = 1e-10;
    private const double MostNumeric = 1e-5;
    private const double LargestOrderError = 0.1;

    // Each entry with the step that suits it, where the usual one is not good for seven digits.
    private static readonly GradientCheckOptions numericOptions = new() { Tolerance = 1e-7 };

    /// <summary>One row for each layer, then one for each loss.</summary>
    /// <param name="progress">Told before each.</param>
    public static IReadOnlyList<ProofRow> Run(IProgress<ProofProgress>? progress = null)
    {
        (string Name, Func<ProofRow> Prove)[] rows =
        [
            .. LayerCatalogue.All.Select(layer => (layer.Name, (Func<ProofRow>)(() => Row(layer.Name, PyTorchCase.Layers.Where(test => test.Layer.Name == layer.Name).Select(Layer), Check(layer))))),
            .. LossCatalogue.All.Select(loss => (loss.Name, (Func<ProofRow>)(() => Row(loss.Name, PyTorchCase.Losses.Where(test => test.Loss.Name == loss.Name).Select(Loss), Check(loss))))),
        ];
        return [.. rows.Select((row, i) =>
        {
            progress?.Report(new ProofProgress(row.Name, i, rows.Length));
            return row.Prove();
        })];
    }

    private static ProofRow Row(string name, IEnumerable<Disagreement> cases, GradientCheckReport report)
    {
        Disagreement[] all = [.. cases];
        if (all.Length == 0)
        {
            // Nobody's numbers to compare with is no proof.
            return new ProofRow(name, double.NaN, double.NaN, double.NaN, double.NaN, report.TaylorOrder, GradientVerdict.Fail);
        }

        Disagreement worst = all.Aggregate(Disagreement.Largest);
        bool passes = worst.ByHand <= MostExact && worst.Autodiff <= MostExact && worst.PyTorch <= MostExact && worst.Numeric <= MostNumeric
            && Math.Abs(report.TaylorOrder - 2) <= LargestOrderError && report.Verdict != GradientVerdict.Fail;
        return new ProofRow(name, worst.ByHand, worst.Autodiff, worst.Numeric, worst.PyTorch, report.TaylorOrder, passes ? GradientVerdict.Pass : GradientVerdict.Fail);
    }

    /// <summary>The whole check, in double, in float and beyond values, on a random batch.</summary>
    private static GradientCheckReport Check(LayerCase layerCase)
    {
        var random = new NumPyRandom(1);
        Tensor<double> x = layerCase.Input(4, 5, random);
        return GradientCheck.Run(layerCase.Create<float>(x.Lengths, random), Tensor.ConvertTruncating<double, float>(x));
    }

    private static GradientCheckReport Check(LossCase lossCase)
    {
        var random = new NumPyRandom(1);
        Tensor<float> p = Tensor.ConvertTruncating<double, float>(lossCase.Prediction(4, 3, random));
        Tensor<float> y = Tensor.ConvertTruncating<double, float>(lossCase.Target(4, 3, random));
        return GradientCheck.Run(lossCase.Create<float>(), p, y);
    }

    private static Disagreement Layer(PyTorchCase test)
    {
        Tensor<double> x = test.Tensor("input");
        Tensor<double> upstream = test.Tensor("outputGradient");
        Layer<double> layer = test.Layer.Create<double>(x.Lengths, new NumPyRandom(0));
        foreach (Parameter<double> parameter in layer.Parameters)
        {
            test.Tensor("parameters", parameter.Name).CopyTo(parameter.Value);
        }

        double[] output = [.. layer.Forward(x)];
        CheckedTensor<double>[] input = InputClaim(layer, x, layer.Backward(upstream));

        Scalar[] inputs = [.. x.Select(value => new Scalar(value))];
        Scalar[][] parameters = [.. layer.Parameters.Select(parameter => parameter.Value.Select(value => new Scalar(value)).ToArray())];
        Scalar[] formula = test.Layer.Formula(inputs, x.Lengths.ToArray(), parameters);
        formula.Zip(upstream, (a, weight) => a * weight).Aggregate((sum, term) => sum + term).Backward();

        CheckedTensor<double>[] claims =
        [
            .. input,
            .. layer.Parameters.Select(parameter => new CheckedTensor<double>(parameter.Name, parameter.Value, Copy(parameter.Gradient))),
        ];
        GradientCheckReport numeric = GradientCheck.Run(() => TensorPrimitives.Dot<double>(layer.Forward(x).ToArray(), upstream.ToArray()), claims, numericOptions);
        Disagreement worst = Disagreement.Of(output, [.. formula.Select(a => a.Value)], null, [.. test.Tensor("output")]);
        for (int i = 0; i < claims.Length; i++)
        {
            int parameter = i - (claims.Length - parameters.Length);
            Scalar[] variables = parameter < 0 ? inputs : parameters[parameter];
            Tensor<double> expected = parameter < 0 ? test.Tensor("inputGradient") : test.Tensor("parameterGradients", claims[i].Name);
            worst = Disagreement.Largest(worst, Disagreement.Of([.. claims[i].Gradient], [.. variables.Select(variable => variable.Gradient)], numeric.Rows[i], [.. expected]));
        }

        return worst;
    }

    private static Disagreement Loss(PyTorchCase test)
    {
        Tensor<double> p = test.Tensor("prediction");
        Tensor<double> y = test.Tensor("target");
        Loss<double> loss = test.Loss.Create<double>();
        double value = loss.Forward(p, y);
        var claim = new CheckedTensor<double>("prediction", p, Copy(loss.Backward()));
        Scalar[] predictions = [.. p.Select(entry => new Scalar(entry))];
        Scalar formula = test.Loss.Formula(predictions, y, (int)p.Lengths[0]);
        formula.Backward();
        GradientCheckReport numeric = GradientCheck.Run(() => loss.Forward(p, y), [claim], numericOptions);
        return Disagreement.Largest(
            Disagreement.Of([value], [formula.Value], null, [test.Number("value")]),
            Disagreement.Of([.. claim.Gradient], [.. predictions.Select(prediction => prediction.Gradient)], numeric.Rows[0], [.. test.Tensor("gradient")]));
    }

    /// <summary>The layer's claim about its input; none where the input cannot be differentiated.</summary>
    private static CheckedTensor<double>[] InputClaim(Layer<double> layer, Tensor<double> x, Tensor<double> dx) =>
        layer.HasInputGradient ? [new CheckedTensor<double>("input", x, Copy(dx))] : [];

    private static Tensor<double> Copy(Tensor<double> tensor) => Tensor.Create(tensor.ToArray(), tensor.Lengths);

    /// <summary>How far each opinion is from the reference, as a share of the tensor's largest value.</summary>
    private readonly record struct Disagreement(double ByHand, double Autodiff, double Numeric, double PyTorch)
    {
        /// <summary>The worse of two, opinion by opinion.</summary>
        public static Disagreement Largest(Disagreement x, Disagreement y) =>
            new(Math.Max(x.ByHand, y.ByHand), Math.Max(x.Autodiff, y.Autodiff), Math.Max(x.Numeric, y.Numeric), Math.Max(x.PyTorch, y.PyTorch));

        /// <summary>Compares the opinions on one tensor.</summary>
        public static Disagreement Of(double[] byHand, double[] autodiff, GradientCheckRow? numeric, double[] pyTorch)
        {
            double[] reference = [.. byHand.Select((value, i) => Math.Max(Math.Min(value, autodiff[i]), Math.Min(Math.Max(value, autodiff[i]), pyTorch[i])))];
            double largest = reference.Max(Math.Abs);
            double Far(IEnumerable<double> values) => values.Zip(reference, (value, right) => Math.Abs(value - right)).Max() is var error && error > 0 ? error / largest : error;

            // On a corner there is no derivative for central differences to find; the check has seen that the value lies between the slopes.
            double[] differences = numeric is null ? [] : [.. numeric.Checked.Select((entry, i) => entry.Verdict == GradientVerdict.Kink ? reference[i] : entry.Numeric)];
            return new Disagreement(Far(byHand), Far(autodiff), numeric is null ? 0 : Far(differences), Far(pyTorch));
        }
    }
}
