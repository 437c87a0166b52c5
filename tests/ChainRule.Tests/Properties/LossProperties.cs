using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Autodiff;
using ChainRule.Kernels;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;
using ChainRule.Verification.Catalogue;
using CsCheck;
using Xunit;

namespace ChainRule.Tests.Properties;

/// <summary>What must hold for every loss, on random shapes and values. CsCheck prints the seed of a failure.</summary>
public class LossProperties
{
    private static readonly Gen<(int Batch, int Classes, uint Seed)> Cases = Gen.Select(Gen.Int[1, 9], Gen.Int[1, 19], Gen.UInt);

    // Probabilities up to 1 and their logarithms, about as large, are subtracted from the targets'; where they cancel, a float keeps some
    // units in the last place of 1: of a sure softmax p − 1, of a Kullback-Leibler divergence that happens to be near 0.
    private const double UnitsOfOne = 8 * 1.2e-7;

    public static TheoryData<string> Losses => [.. LossCatalogue.All.Select(loss => loss.Name)];

    [Fact]
    public void The_catalogue_holds_every_loss_of_the_library()
    {
        var proved = LossCatalogue.All.Select(loss => loss.Create<double>().ToString()!.Split('(')[0]).ToHashSet();
        var all = typeof(Loss<>).Assembly.GetTypes()
            .Where(type => type.Namespace == "ChainRule.Losses" && type is { IsAbstract: false, IsPublic: true })
            .Select(type => type.Name.Split('`')[0]).ToHashSet();
        Assert.Equal(all, proved);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Hand_written_and_autodiff_agree(string name)
    {
        LossCase lossCase = LossCatalogue.Get(name);
        Cases.Sample(
            c =>
            {
                var random = new NumPyRandom(c.Seed);
                Tensor<double> p = lossCase.Prediction(c.Batch, c.Classes, random);
                Tensor<double> y = lossCase.Target(c.Batch, c.Classes, random);
                Loss<double> loss = lossCase.Create<double>();
                double value = loss.Forward(p, y);
                Tensor<double> gradient = loss.Backward();

                Scalar[] predictions = [.. p.Select(entry => new Scalar(entry))];
                Scalar formula = lossCase.Formula(predictions, y, c.Batch);
                formula.Backward();
                Near.Equal(formula.Value, value, 1e-12, $"{name} value");
                Near.Equal([.. predictions.Select(prediction => prediction.Gradient)], gradient.AsSpan(), 1e-12, $"{name} gradient");
            },
            iter: 50);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Hand_written_and_numeric_agree(string name)
    {
        LossCase lossCase = LossCatalogue.Get(name);
        Cases.Sample(
            c =>
            {
                var random = new NumPyRandom(c.Seed);
                Tensor<double> p = lossCase.Prediction(c.Batch, c.Classes, random);
                Tensor<double> y = lossCase.Target(c.Batch, c.Classes, random);
                Loss<double> loss = lossCase.Create<double>();
                loss.Forward(p, y);
                var claim = new CheckedTensor<double>("prediction", p, Tensor.Create([.. loss.Backward()], p.Lengths));
                GradientCheck.Run(() => loss.Forward(p, y), [claim]).ThrowIfFailed();
            },
            iter: 30);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Float_agrees_with_double(string name)
    {
        LossCase lossCase = LossCatalogue.Get(name);
        Cases.Sample(
            c =>
            {
                var random = new NumPyRandom(c.Seed);
                Tensor<float> narrowP = Tensor.ConvertTruncating<double, float>(lossCase.Prediction(c.Batch, c.Classes, random));
                Tensor<float> narrowY = Tensor.ConvertTruncating<double, float>(lossCase.Target(c.Batch, c.Classes, random));

                // The same numbers for both: where p is near y, the rounding of p itself would show in p − y.
                Tensor<double> p = Tensor.ConvertTruncating<float, double>(narrowP);
                Tensor<double> y = Tensor.ConvertTruncating<float, double>(narrowY);
                Loss<double> wide = lossCase.Create<double>();
                Loss<float> narrow = lossCase.Create<float>();
                double expected = wide.Forward(p, y);
                Near.Equal(expected, narrow.Forward(narrowP, narrowY), 1e-5, $"{name} value", UnitsOfOne);
                Near.Equal([.. wide.Backward()], [.. narrow.Backward().Select(value => (double)value)], 1e-5, $"{name} gradient", UnitsOfOne);
            },
            iter: 20);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void A_warm_step_allocates_nothing(string name)
    {
        LossCase lossCase = LossCatalogue.Get(name);
        var random = new NumPyRandom(5);
        Loss<double> loss = lossCase.Create<double>();
        (Tensor<double> P, Tensor<double> Y)[] batches =
        [
            (lossCase.Prediction(8, 5, random), lossCase.Target(8, 5, random)),
            (lossCase.Prediction(3, 5, random), lossCase.Target(3, 5, random)),
        ];
        void Step()
        {
            foreach ((Tensor<double> p, Tensor<double> y) in batches)
            {
                loss.Forward(p, y);
                loss.Backward();
            }
        }

        Assert.Equal(0, Allocation.OfHundredRuns(Step));
    }
}
