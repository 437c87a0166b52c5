using ChainRule.Verification;
using Xunit;

namespace ChainRule.Lessons.Tests;

/// <summary>The lesson gives the numbers of the reference lesson in NumPy, section by section.</summary>
public sealed class ReferenceLessonTests
{
    private readonly Lesson lesson = new(new LessonOptions());

    [Fact]
    public void Activations_and_their_derivatives_are_those_of_the_reference()
    {
        ActivationTable table = Lesson.Activations();
        Assert.Equal(Reference.Numbers("activations", "x"), table.X);
        Reference.AssertRelative(Reference.Numbers("activations", "sigmoid"), table.Sigmoid, 1e-14, "sigmoid");
        Reference.AssertRelative(Reference.Numbers("activations", "sigmoid_derivative"), table.SigmoidDerivative, 1e-14, "sigmoid'");
        Assert.Equal(Reference.Numbers("activations", "relu"), table.Relu);
        Assert.Equal(Reference.Numbers("activations", "relu_derivative"), table.ReluDerivative);
    }

    [Fact]
    public void One_neuron_gives_the_numbers_of_the_reference()
    {
        NeuronExample neuron = lesson.Neuron();
        Assert.Equal(Reference.Number("neuron", "seed"), neuron.Seed);
        Assert.Equal(Reference.Number("neuron", "x"), neuron.Forward.X);
        Assert.Equal(Reference.Number("neuron", "target"), neuron.Forward.Target);
        Reference.AssertRelative(Reference.Number("neuron", "w"), neuron.Weight, 1e-15, "w");
        Reference.AssertRelative(Reference.Number("neuron", "b"), neuron.Bias, 1e-15, "b");
        Reference.AssertRelative(Reference.Number("neuron", "prediction"), neuron.Forward.A, 1e-14, "prediction");
        Reference.AssertRelative(Reference.Number("neuron", "loss"), neuron.Forward.Loss, 1e-14, "loss");
        Reference.AssertRelative(Reference.Number("neuron", "dL_dw"), neuron.Backward.LossByWeight, 1e-14, "dL/dw");
        Reference.AssertRelative(Reference.Number("neuron", "dL_db"), neuron.Backward.LossByBias, 1e-14, "dL/db");
    }

    [Fact]
    public void Xor_training_goes_through_the_losses_of_the_reference()
    {
        XorRun run = lesson.TrainXor(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(TrainingOutcome.Finished, run.Outcome);
        Assert.True(run.HasLearnt);
        foreach (NamedTensor parameter in run.Initial)
        {
            Reference.AssertRelative(Reference.Numbers("xor", "initial", parameter.Name), parameter.Value, 1e-15, $"initial {parameter.Name}");
        }

        Reference.AssertRelative(Reference.Numbers("xor", "losses"), run.Losses, 1e-9, "loss");
        Reference.AssertRelative(Reference.Numbers("xor", "predictions"), run.Predictions, 1e-9, "prediction");
        foreach (NamedTensor parameter in run.Final)
        {
            Reference.AssertRelative(Reference.Numbers("xor", "final", parameter.Name), parameter.Value, 1e-9, $"final {parameter.Name}");
        }
    }

    [Fact]
    public void The_engine_goes_through_the_same_losses()
    {
        EngineRun engine = lesson.TrainXorWithEngine(lesson.TrainXor(cancellationToken: TestContext.Current.CancellationToken));
        Reference.AssertRelative(Reference.Numbers("xor", "losses"), engine.Losses, 1e-9, "engine's loss");
        Assert.InRange(engine.LargestRelativeDifference, 0, 1e-10);
    }

    [Fact]
    public void The_gradient_check_passes_all_but_b1_which_is_on_a_kink()
    {
        CheckedGradients gradients = lesson.CheckGradients();
        Assert.Equal(["W1", "b1", "W2", "b2"], gradients.Report.Rows.Select(row => row.Parameter));
        Assert.Equal([GradientVerdict.Pass, GradientVerdict.Kink, GradientVerdict.Pass, GradientVerdict.Pass], gradients.Report.Rows.Select(row => row.Verdict));
        foreach (GradientCheckRow row in gradients.Report.Rows)
        {
            Reference.AssertRelative(Reference.Numbers("gradient_check", "analytic", row.Parameter), row.Analytic, 1e-12, $"analytic {row.Parameter}");
            double norm = Reference.Number("gradient_check", "difference_norm", row.Parameter);
            if (row.Parameter == "b1")
            {
                // No rounding: the norm of a kink is a number that everybody has to find.
                Reference.AssertRelative(norm, row.DifferenceNorm, 1e-6, "norm of b1");
            }
            else
            {
                Assert.InRange(row.DifferenceNorm, norm / 10, norm * 10);
                Assert.True(row.DifferenceNorm < 1e-10);
            }
        }
    }

    [Fact]
    public void A_kink_has_two_slopes_and_backpropagation_takes_the_left_one()
    {
        KinkExample kink = Assert.IsType<KinkExample>(lesson.CheckGradients().Kink);
        double analytic = Reference.Numbers("gradient_check", "analytic", "b1")[kink.Unit];
        double numeric = Reference.Numbers("gradient_check", "numeric", "b1")[kink.Unit];
        Reference.AssertRelative(analytic, kink.Analytic, 1e-12, "analytic");
        Reference.AssertRelative(numeric, kink.Numeric, 1e-6, "numeric");

        // A slope to one side is off by the curvature times half a step.
        Assert.Equal(analytic, kink.Left, 1e-5);
        Assert.Equal(numeric, (kink.Left + kink.Right) / 2, 1e-9);
        Assert.True(Math.Abs(kink.Right - kink.Left) > 1e-3);
    }
}
