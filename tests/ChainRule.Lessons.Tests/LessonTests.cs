using System.Numerics.Tensors;
using ChainRule.Random;
using ChainRule.Verification;
using CsCheck;
using Xunit;

namespace ChainRule.Lessons.Tests;

/// <summary>What must hold for every experiment, not only for that of the reference.</summary>
public sealed class LessonTests
{
    [Fact]
    public void By_hand_engine_autodiff_and_numeric_agree_for_any_seed_and_size() =>
        Gen.Select(Gen.UInt, Gen.Int[1, 12]).Sample(
            (seed, hidden) =>
            {
                GradientAgreement agreement = new Lesson(new LessonOptions { Seed = seed, Hidden = hidden }).CompareGradients();
                return agreement.Agrees && agreement.Rows.All(row => row.Parameter == "b1" ? row.ExactDifference < 1e-15 : row.ExactDifference < 1e-14 && row.Verdict == GradientVerdict.Pass);
            },
            iter: 300);

    /// <summary>
    /// Central differences are off by 2e-9 where the loss is steep (12 units), by 1e-8 where a single weight is so small that its
    /// step drowns in rounding (1 unit): neither is a disagreement.
    /// </summary>
    [Theory]
    [InlineData(211896, 12)]
    [InlineData(44195, 1)]
    public void What_central_differences_cannot_resolve_is_no_disagreement(uint seed, int hidden) =>
        Assert.True(new Lesson(new LessonOptions { Seed = seed, Hidden = hidden }).CompareGradients().Agrees);

    [Fact]
    public void A_hand_written_gradient_is_right_for_any_shape() =>
        Gen.Select(Gen.UInt, Gen.Int[1, 4], Gen.Int[1, 6], Gen.Int[1, 3], Gen.Int[1, 5]).Sample(
            (seed, inputs, hidden, outputs, batch) =>
            {
                var random = new NumPyRandom(seed);
                var network = new TwoLayerPerceptron(inputs, hidden, outputs, random);
                Tensor<double> x = random.Randn(batch, inputs);
                Tensor<double> y = random.Rand(batch, outputs);
                CheckedTensor<double>[] tensors = [.. network.Parameters.Zip(network.Backward(network.Forward(x), y).ParameterGradients, (parameter, gradient) => new CheckedTensor<double>(parameter.Name, parameter.Value, gradient.Value))];
                GradientCheck.Run(() => TwoLayerPerceptron.Loss(network.Forward(x).A2, y), tensors).ThrowIfFailed();
            },
            iter: 200);

    [Fact]
    public void The_factors_of_the_chain_multiply_to_the_gradient() =>
        Gen.Select(Gen.UInt, Gen.Int[1, 12]).Sample(
            (seed, hidden) =>
            {
                ChainExample chain = new Lesson(new LessonOptions { Seed = seed, Hidden = hidden }).Chain();
                double w1 = chain.W1Factors.Aggregate(1.0, (product, factor) => product * factor.Value);
                double w2 = chain.W2Factors.Aggregate(1.0, (product, factor) => product * factor.Value);
                return Math.Abs(w1 - chain.Backward.LossByW1[chain.Input, chain.Unit]) <= 1e-14
                    && Math.Abs(w2 - chain.Backward.LossByW2[chain.Unit, 0]) <= 1e-14;
            },
            iter: 300);

    /// <summary>A parameter that an update changed in place would make the start look like the end.</summary>
    [Fact]
    public void Training_leaves_the_initial_parameters_as_they_were()
    {
        XorRun run = new Lesson(new LessonOptions { Epochs = 5 }).TrainXor(cancellationToken: TestContext.Current.CancellationToken);
        Assert.All(run.Initial.Zip(run.Final), pair => Assert.NotEqual(pair.First.Value.ToArray(), pair.Second.Value.ToArray()));
        Assert.All(run.Initial.Single(parameter => parameter.Name == "b1").Value, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Training_reports_every_epoch_in_order()
    {
        var progress = new Recorder();
        XorRun run = new Lesson(new LessonOptions { Epochs = 30 }).TrainXor(progress, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(1, 30), progress.News.Select(news => news.Epoch));
        Assert.Equal(run.Losses, progress.News.Select(news => news.Loss));
    }

    [Fact]
    public void Cancelled_training_keeps_what_was_learnt()
    {
        using var cancellation = new CancellationTokenSource();
        var progress = new Recorder(news =>
        {
            if (news.Epoch == 10)
            {
                cancellation.Cancel();
            }
        });
        XorRun run = new Lesson(new LessonOptions()).TrainXor(progress, cancellation.Token);
        Assert.Equal(TrainingOutcome.Cancelled, run.Outcome);
        Assert.Equal(10, run.Losses.Count);
        Assert.Equal(new Lesson(new LessonOptions { Epochs = 10 }).TrainXor(cancellationToken: TestContext.Current.CancellationToken).Predictions, run.Predictions);
    }

    [Fact]
    public void Training_that_diverges_names_the_epoch_and_keeps_finite_losses()
    {
        XorRun run = new Lesson(new LessonOptions { Seed = 1, LearningRate = 1e200 }).TrainXor(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(TrainingOutcome.Diverged, run.Outcome);
        Assert.Equal(2, run.DivergedEpoch);
        Assert.True(double.IsFinite(Assert.Single(run.Losses)));
    }

    [Fact]
    public void Training_that_diverges_in_its_last_step_is_noticed()
    {
        XorRun run = new Lesson(new LessonOptions { Seed = 1, LearningRate = 1e200, Epochs = 1 }).TrainXor(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(TrainingOutcome.Diverged, run.Outcome);
        Assert.Equal(1, run.DivergedEpoch);
    }

    [Fact]
    public void Training_whose_gradients_are_all_zero_names_the_epoch()
    {
        XorRun run = new Lesson(new LessonOptions { LearningRate = 1e6 }).TrainXor(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(2, run.StuckEpoch);
        Assert.False(run.HasLearnt);
        Assert.Equal(2000, run.Losses.Count);
    }

    [Fact]
    public void Options_out_of_range_say_what_was_expected()
    {
        Assert.Contains("expected 1 to 512", Assert.Throws<ArgumentOutOfRangeException>(() => new LessonOptions { Hidden = 0 }).Message, StringComparison.Ordinal);
        Assert.Contains("expected 1 to 1000000", Assert.Throws<ArgumentOutOfRangeException>(() => new LessonOptions { Epochs = -1 }).Message, StringComparison.Ordinal);
        Assert.Contains("finite number above 0", Assert.Throws<ArgumentOutOfRangeException>(() => new LessonOptions { LearningRate = double.NaN }).Message, StringComparison.Ordinal);
        Assert.Contains("finite number above 0", Assert.Throws<ArgumentOutOfRangeException>(() => new LessonOptions { GradientCheckStep = 0 }).Message, StringComparison.Ordinal);
    }

    private sealed class Recorder(Action<EpochProgress>? then = null) : IProgress<EpochProgress>
    {
        public List<EpochProgress> News { get; } = [];

        public void Report(EpochProgress value)
        {
            News.Add(value);
            then?.Invoke(value);
        }
    }
}
