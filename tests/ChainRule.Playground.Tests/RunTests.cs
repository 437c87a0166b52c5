using ChainRule.Lessons.BugLab;
using ChainRule.Playground.Session;
using ChainRule.Training;
using ChainRule.Verification;
using CsCheck;
using Xunit;

namespace ChainRule.Playground.Tests;

public sealed class RunTests
{
    [Fact]
    public void The_lessons_setup_gives_the_lessons_losses_and_predictions()
    {
        TrainingRun run = TrainingRun.Start(Setup.Lesson);
        string[] losses = [.. Enumerable.Range(0, 5).Select(_ =>
        {
            run.Train(400);
            return $"{run.EpochLoss:F6}";
        })];
        Assert.Equal(["0.001076", "0.000418", "0.000247", "0.000172", "0.000131"], losses);
        Assert.Equal(["0.0168", "0.9901", "0.9905", "0.0071"], run.Predictions(ofTest: false).Select(p => $"{p:F4}"));
    }

    /// <summary>Every step of a run, also of one that was changed by hand on the way, can be gone back to with the same bits.</summary>
    [Fact]
    public void Rewinding_gives_the_same_bits() => Gen.Select(Setups.Any, Gen.Int[0, 400].Array[3], Gen.Int[0, 400].Array[6]).Sample(
        (setup, changes, targets) =>
        {
            TrainingRun run = TrainingRun.Start(setup);
            var states = new Dictionary<int, string> { [0] = Bits(run) };
            for (int step = 1; step <= 400; step++)
            {
                if (run.Train(1) == 0)
                {
                    return;
                }

                if (step == changes[0])
                {
                    run.Edit(new Entry(0, -1, 0), 0.25);
                }

                if (step == changes[1])
                {
                    run.Change(run.Setup.Training with { LearningRate = 0.01, BatchSize = 7, Optimizer = OptimizerKind.Momentum });
                }

                if (step == changes[2] && run.PlantableBugs.Count > 0)
                {
                    run.Plant(run.PlantableBugs[step % run.PlantableBugs.Count]);
                }

                states[step] = Bits(run);
            }

            foreach (int target in targets)
            {
                run.Seek(target);
                Assert.Equal(target, run.Step);
                Assert.Equal(states[target], Bits(run));
            }

            run.Seek(400);
            Assert.Equal(states[400], Bits(run));
        },
        iter: 60);

    [Fact]
    public void Going_on_after_rewinding_gives_the_same_curves()
    {
        TrainingRun run = TrainingRun.Start(Setup.Default);
        run.Train(900);
        string losses = Curves(run);
        run.Seek(100);
        run.Train(800);
        Assert.Equal(losses, Curves(run));
        static string Curves(TrainingRun run) => string.Join(' ', run.History.Points.Select(point => $"{point.Epoch}:{point.TrainLoss:R}/{point.TestLoss:R}"));
    }

    [Fact]
    public void Memory_is_bounded_however_long_a_run_is()
    {
        TrainingRun run = TrainingRun.Start(Setup.Lesson);
        run.Train(30_000);
        Assert.InRange(run.History.Points.Count, History.MostPoints / 4, History.MostPoints);
        run.Seek(12_345);
        string bits = Bits(run);
        TrainingRun other = TrainingRun.Start(Setup.Lesson);
        other.Train(12_345);
        Assert.Equal(Bits(other), bits);
    }

    [Fact]
    public void Many_changes_by_hand_keep_the_last_ones()
    {
        TrainingRun run = TrainingRun.Start(Setup.Default);
        for (int i = 0; i < 500; i++)
        {
            run.Train(1);
            run.Edit(new Entry(0, 0, 0), i);
        }

        Assert.InRange(run.FirstStep, 1, 499);
        run.Seek(run.FirstStep);
        Assert.Equal(run.FirstStep - 1, run.Value(new Entry(0, 0, 0)));
        ArgumentOutOfRangeException exception = Assert.Throws<ArgumentOutOfRangeException>(() => run.Seek(run.FirstStep - 1));
        Assert.Contains($"{run.FirstStep}", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>What the page shows of a step is what the step does.</summary>
    [Fact]
    public void The_pass_shows_the_step_that_comes() => Setups.Any.Sample(
        setup =>
        {
            TrainingRun run = TrainingRun.Start(setup);
            run.Train(5);
            string before = Bits(run);
            double[] expected = [.. run.Pass.Layers.SelectMany(layer => layer.Parameters).SelectMany(parameter => parameter.Updated)];
            Assert.Equal(before, Bits(run));
            if (run.Train(1) == 1)
            {
                Assert.Equal(expected, run.Save().Values.SelectMany(values => values));
            }
        },
        iter: 100);

    [Fact]
    public void Each_epoch_uses_every_sample_once_in_another_order()
    {
        TrainingRun run = TrainingRun.Start(Setup.Default with { Training = Setup.Default.Training with { BatchSize = 9 } });
        var orders = new List<int[]>();
        for (int epoch = 0; epoch < 3; epoch++)
        {
            var rows = new List<int>();
            do
            {
                rows.AddRange(run.Pass.Rows);
                run.Train(1);
            }
            while (run.Batch > 0);

            Assert.Equal(Enumerable.Range(0, 140), rows.Order());
            orders.Add([.. rows]);
        }

        Assert.NotEqual(orders[0], orders[1]);
        Assert.NotEqual(orders[1], orders[2]);
    }

    [Fact]
    public void A_change_by_hand_forgets_what_came_after()
    {
        TrainingRun run = TrainingRun.Start(Setup.Default);
        run.Train(100);
        run.Seek(40);
        Assert.Equal(100, run.LastStep);
        run.Edit(new Entry(1, 2, 3), 1.5);
        Assert.Equal((40, 40), (run.Step, run.LastStep));
        Assert.Equal(1.5, run.Value(new Entry(1, 2, 3)));
        Assert.True(run.History.Points.All(point => point.Step <= 40));
        run.Train(10);
        run.Seek(40);
        Assert.Equal(1.5, run.Value(new Entry(1, 2, 3)));
        run.Seek(39);
        Assert.NotEqual(1.5, run.Value(new Entry(1, 2, 3)));
    }

    [Fact]
    public void Numbers_that_stop_being_finite_end_training_with_a_place_and_a_way_back()
    {
        TrainingRun run = TrainingRun.Start(Setup.Default with
        {
            Data = Setup.Default.Data with { Kind = "plane" },
            Network = new NetworkSetup([new HiddenLayer(8, Activation.Relu)], StartingWeights.He, 1),
            Training = Setup.Default.Training with { Loss = LossKind.MeanSquaredError, LearningRate = 90 },
        });
        int done = run.Train(1000);
        Breakdown breakdown = Assert.IsType<Breakdown>(run.Breakdown);
        Assert.Equal((run.Step, run.Step), (done, breakdown.Step));
        Assert.Equal(0, run.Train(10));
        Assert.True(breakdown.Kind == BreakdownKind.Loss || breakdown.Place.Length > 0);
        run.Seek(breakdown.LastGoodStep);
        Assert.Null(run.Breakdown);
        Assert.True(double.IsFinite(run.Pass.Loss));
        run.Change(run.Setup.Training with { LearningRate = 0 });
        Assert.Equal(10, run.Train(10));
    }

    [Fact]
    public void A_bug_turns_verdicts_and_training_goes_back_to_right_without_it()
    {
        TrainingRun run = TrainingRun.Start(Setup.Default);
        run.Train(20);
        Assert.Equal(0, run.Judge().Count(GradientVerdict.Fail));
        Assert.NotEmpty(run.PlantableBugs);
        foreach (PlantedBug bug in run.PlantableBugs)
        {
            run.Plant(bug);
            Assert.True(run.Judge().Count(GradientVerdict.Fail) > 0, $"{bug} is not seen");
            run.Plant(null);
            Assert.Equal(0, run.Judge().Count(GradientVerdict.Fail));
        }
    }

    /// <summary>To find out which bugs fit, all of them are tried: on a network that is in use.</summary>
    [Fact]
    public void Trying_all_bugs_changes_no_number_and_keeps_those_out_that_time_cannot_be_turned_back_for()
    {
        TrainingRun run = TrainingRun.Start(Setup.Default);
        run.Train(20);
        double[][] before = [.. run.Save().Values];
        Assert.True(run.PlantableBugs.Count >= 10, $"Only {run.PlantableBugs.Count} bugs.");
        Assert.All(run.PlantableBugs, bug => Assert.True(bug.IsRepeatable, bug.Name));
        Assert.Equal(before, run.Save().Values);
        double loss = run.Pass.Loss;
        foreach (PlantedBug bug in run.PlantableBugs)
        {
            run.Plant(bug);
            double[] gradients = Gradients(run);
            run.Judge();
            Assert.Equal(gradients, Gradients(run));
            run.Plant(null);
        }

        Assert.Equal(loss, run.Pass.Loss);

        static double[] Gradients(TrainingRun run) => [.. run.Pass.Layers.SelectMany(layer => layer.Parameters).SelectMany(parameter => parameter.Gradients)];
    }

    /// <summary>The derivative that is explained is the one that training uses, and all opinions agree on it.</summary>
    [Fact]
    public void Explanations_agree_with_the_pass() => Gen.Select(Setups.Any, Gen.Int[0, 1000]).Sample(
        (setup, choice) =>
        {
            TrainingRun run = TrainingRun.Start(setup);
            run.Train(3);
            int layer = choice % run.NeuronLayers.Count;
            var entry = new Entry(layer, (choice % (run.NeuronLayers[layer].Inputs + 1)) - 1, choice % run.NeuronLayers[layer].Units);
            Explained explained = run.Explain(entry);
            Assert.Equal(explained.Derivation.Gradient, explained.ByHand);
            Assert.Equal(run.Value(entry), explained.Derivation.Target.Value);
            Assert.NotEqual(GradientVerdict.Fail, explained.Verdict);
        },
        iter: 100);

    [Fact]
    public void Grids_and_samples_are_answered_alike()
    {
        TrainingRun run = TrainingRun.Start(Setup.Default);
        run.Train(300);
        const int size = 20;
        double[] maps = new double[17 * size * size];
        double[] answers = run.Grid(size, maps);
        SampleSet samples = run.Samples;
        IReadOnlyList<double> predictions = run.Predictions(ofTest: false);
        for (int i = 0; i < samples.Train.Count; i++)
        {
            int column = (int)(samples.X1.ShareOf(samples.Train.Inputs[i, 0]) * size);
            int row = (int)((1 - samples.X2.ShareOf(samples.Train.Inputs[i, 1])) * size);
            Assert.InRange(predictions[i] - answers[(row * size) + column], -0.5, 0.5);
        }

        Assert.True(run.Accuracy(ofTest: true) > 0.5);
    }

    [Fact]
    public void Dead_and_saturated_units_are_found()
    {
        TrainingRun relu = TrainingRun.Start(Setup.Default with { Network = new NetworkSetup([new HiddenLayer(4, Activation.Relu)], StartingWeights.He, 1) });
        relu.Edit(new Entry(0, -1, 2), -50);
        Assert.Equal(new UnitHealth(0, 2, UnitProblem.Dead, 1), Assert.Single(relu.Health()));
        TrainingRun tanh = TrainingRun.Start(Setup.Default with { Network = new NetworkSetup([new HiddenLayer(8, Activation.Tanh), new HiddenLayer(8, Activation.Tanh)], StartingWeights.Glorot, 42) });
        tanh.Edit(new Entry(1, -1, 5), 50);
        Assert.Equal((1, 5, UnitProblem.Saturated), tanh.Health().Select(unit => (unit.Layer, unit.Unit, unit.Problem)).Single());
        relu.Edit(new Entry(0, -1, 2), 1e6);
        Assert.Contains(relu.Health(), unit => unit is { Layer: 0, Unit: 2, Problem: UnitProblem.Exploding });
    }

    [Fact]
    public void Entries_that_there_are_not_and_values_that_are_no_numbers_are_refused()
    {
        TrainingRun run = TrainingRun.Start(Setup.Default);
        Assert.Throws<ArgumentException>(() => run.Edit(new Entry(0, 2, 0), 1));
        Assert.Throws<ArgumentException>(() => run.Edit(new Entry(3, 0, 0), 1));
        Assert.Throws<ArgumentException>(() => run.Edit(new Entry(0, 0, 0), double.NaN));
        Assert.Throws<ArgumentException>(() => run.Change(run.Setup.Training with { Precision = Precision.Bits32 }));
        Assert.Throws<ArgumentException>(() => TrainingRun.Start(Setup.Default with { Training = Setup.Default.Training with { Precision = Precision.Bits32 } }).Plant(BugCatalogue.All[0]));
    }

    internal static string Bits(TrainingRun run)
    {
        RunState state = run.Save();
        IEnumerable<double> numbers = state.Values.Concat(state.Memories.SelectMany(memory => memory)).SelectMany(values => values);
        return $"{state.Step} {state.Epoch} {state.Batch} {state.LossSum:R} {state.FinishedLoss:R} {state.OptimizerSteps} {string.Join(' ', numbers.Select(BitConverter.DoubleToInt64Bits))}";
    }
}
