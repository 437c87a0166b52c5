using System.Text.Json;

namespace ChainRule.Cli.Tests;

/// <summary><c>chainrule train</c> and <c>chainrule predict</c> as their users meet them.</summary>
public sealed class TrainCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Xor_with_the_lessons_settings_goes_through_the_lessons_losses()
    {
        Run run = await Tool.RunAsync("train xor --hidden 8 --optimizer sgd --learning-rate 1 --epochs 2000 --batch 4 --loss mse --initialization he --precision float64 --no-shuffle --json");
        Assert.Equal(0, run.ExitCode);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        using JsonDocument lesson = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "fixtures", "lesson.json")));
        double[] expected = [.. lesson.RootElement.GetProperty("xor").GetProperty("losses").EnumerateArray().Select(loss => loss.GetDouble())];
        double[] actual = [.. document.RootElement.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("trainLoss").GetDouble())];
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second / pair.First, 1 - 1e-9, 1 + 1e-9));
        Assert.Equal("finished", document.RootElement.GetProperty("stopped").GetString());
        Assert.Equal(33, document.RootElement.GetProperty("parameterCount").GetInt32());
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("test").ValueKind);
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("epochs")[0].GetProperty("validationLoss").ValueKind);
    }

    /// <summary>What is usual can be said too: the losses are those of a call without the option.</summary>
    [Theory]
    [InlineData("auto")]
    [InlineData("cross-entropy")]
    public async Task The_usual_loss_can_be_asked_for(string loss)
    {
        static string Losses(Run run) => JsonDocument.Parse(run.Output).RootElement.GetProperty("epochs").EnumerateArray().Aggregate("", (all, epoch) => $"{all} {epoch.GetProperty("trainLoss")}");
        Run asked = await Tool.RunAsync($"train moons --hidden 4 --epochs 2 --loss {loss} --json --quiet");
        Assert.Equal(0, asked.ExitCode);
        Assert.Equal(Losses(await Tool.RunAsync("train moons --hidden 4 --epochs 2 --json --quiet")), Losses(asked));
    }

    [Fact]
    public async Task Digits_are_learnt_and_the_saved_model_predicts_them()
    {
        Run train = await Tool.RunAsync("train digits --save model.safetensors --log log.csv --plot curves.png --json", folder.Path);
        Assert.Equal(0, train.ExitCode);
        using JsonDocument trained = JsonDocument.Parse(train.Output);
        Assert.Equal("model.safetensors", trained.RootElement.GetProperty("model").GetString());
        Assert.InRange(trained.RootElement.GetProperty("validation").GetProperty("accuracy").GetDouble(), 0.96, 1);
        Assert.Equal(["curves.png", "log.csv", "model.safetensors"], folder.Files);
        Assert.Equal(11, File.ReadAllLines(Path.Combine(folder.Path, "log.csv")).Length);

        Run predict = await Tool.RunAsync("predict model.safetensors digits --json --output predictions.csv", folder.Path);
        Assert.Equal(0, predict.ExitCode);
        using JsonDocument predicted = JsonDocument.Parse(predict.Output);
        Assert.InRange(predicted.RootElement.GetProperty("accuracy").GetDouble(), 0.96, 1);
        Assert.Equal(1797, predicted.RootElement.GetProperty("predictions").GetArrayLength());
        Assert.Equal(1, predicted.RootElement.GetProperty("probabilities")[0].EnumerateArray().Sum(p => p.GetDouble()), 1e-12);
        Assert.Equal(1798, File.ReadAllLines(Path.Combine(folder.Path, "predictions.csv")).Length);
    }

    [Fact]
    public async Task A_csv_file_with_text_labels_is_learnt_normalised_and_predicted_with_and_without_labels()
    {
        string[] rows = [.. Enumerable.Range(0, 60).Select(i => $"{i},{i * 37 % 60 * 1000},{(i < 30 ? "small" : "\"large, \"\"very\"\"\"")}")];
        File.WriteAllLines(Path.Combine(folder.Path, "data.csv"), ["size,price,kind", .. rows]);
        File.WriteAllLines(Path.Combine(folder.Path, "new.csv"), ["size,price", "2,100", "58,100"]);
        Run train = await Tool.RunAsync("train data.csv --label kind --normalize standard --epochs 60 --lr 0.01 --save m.safetensors --test data.csv --plot p.svg", folder.Path);
        Assert.Equal(0, train.ExitCode);
        Assert.Contains("Test samples: 100.00 % right", train.Output, StringComparison.Ordinal);
        Assert.Equal(["data.csv", "m.safetensors", "new.csv", "p-boundary.svg", "p.svg"], folder.Files);
        using JsonDocument labelled = JsonDocument.Parse((await Tool.RunAsync("predict m.safetensors data.csv --json --quiet", folder.Path)).Output);
        Assert.Equal(1, labelled.RootElement.GetProperty("accuracy").GetDouble());
        using JsonDocument unlabelled = JsonDocument.Parse((await Tool.RunAsync("predict m.safetensors new.csv --json --quiet", folder.Path)).Output);
        Assert.Equal(["small", "large, \"very\""], unlabelled.RootElement.GetProperty("predictions").EnumerateArray().Select(prediction => prediction.GetString()));
        Assert.Equal(JsonValueKind.Null, unlabelled.RootElement.GetProperty("accuracy").ValueKind);
    }

    [Fact]
    public async Task Values_are_predicted_and_judged_by_r_squared()
    {
        Assert.Equal(0, (await Tool.RunAsync("train plane --noise 0 --epochs 60 --lr 0.01 --save plane.safetensors --quiet", folder.Path)).ExitCode);
        using JsonDocument document = JsonDocument.Parse((await Tool.RunAsync("predict plane.safetensors plane --noise 0 --json --quiet", folder.Path)).Output);
        Assert.InRange(document.RootElement.GetProperty("rSquared").GetDouble(), 0.99, 1);
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("accuracy").ValueKind);
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("adam-w")]
    [InlineData("sgd --momentum 0.9")]
    [InlineData("rmsprop --momentum 0.5")]
    [InlineData("adagrad")]
    [InlineData("lion")]
    public async Task Every_activation_initialization_and_schedule_runs_with(string optimizer)
    {
        string[] activations = ["relu", "leaky-relu", "elu", "hardtanh", "sigmoid", "tanh", "softplus", "gelu", "gelu-tanh", "silu"];
        string[] schedules = ["constant", "step", "cosine", "warmup-cosine"];
        string[] initializations = ["he", "glorot", "pytorch"];
        string[] losses = ["cross-entropy", "bce", "mse"];
        for (int i = 0; i < activations.Length; i++)
        {
            Run run = await Tool.RunAsync($"train moons --epochs 5 --optimizer {optimizer} --activation {activations[i]} --schedule {schedules[i % 4]} --initialization {initializations[i % 3]} --loss {losses[i % 3]} --clip-norm 1 --early-stopping 3 --weight-decay 0.001 --threads 2");
            Assert.Equal((0, ""), (run.ExitCode, run.Error));
        }
    }

    /// <summary>All at once: they are learnt, and what was saved predicts as well.</summary>
    [Fact]
    public async Task Normalised_penalised_and_smoothed_in_parts()
    {
        Run train = await Tool.RunAsync("train digits --epochs 5 --lr 0.01 --hidden 64 --batch-norm --l1 1e-6 --l2 1e-5 --label-smoothing 0.05 --batch 60 --micro-batch 20 --save m.safetensors --json --quiet", folder.Path);
        Assert.Equal((0, ""), (train.ExitCode, train.Error));
        using JsonDocument trained = JsonDocument.Parse(train.Output);
        Assert.InRange(trained.RootElement.GetProperty("validation").GetProperty("accuracy").GetDouble(), 0.93, 1);
        using JsonDocument predicted = JsonDocument.Parse((await Tool.RunAsync("predict m.safetensors digits --json --quiet", folder.Path)).Output);
        Assert.InRange(predicted.RootElement.GetProperty("accuracy").GetDouble(), 0.93, 1);
    }

    /// <summary>The same steps up to rounding: in double precision the losses agree to many digits.</summary>
    [Fact]
    public async Task Micro_batches_give_the_losses_of_whole_batches()
    {
        double[] whole = await Losses("");
        double[] parts = await Losses("--micro-batch 7");
        Assert.All(whole.Zip(parts), pair => Assert.InRange(pair.Second / pair.First, 1 - 1e-9, 1 + 1e-9));

        static async Task<double[]> Losses(string option)
        {
            Run run = await Tool.RunAsync($"train moons --hidden 8 --epochs 3 --precision float64 --json --quiet {option}");
            return [.. JsonDocument.Parse(run.Output).RootElement.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("trainLoss").GetDouble())];
        }
    }

    [Fact]
    public async Task Diverged_training_says_where_keeps_the_last_good_model_and_fails()
    {
        Run run = await Tool.RunAsync("train plane --optimizer sgd --lr 1e30 --save m.safetensors", folder.Path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("epoch 1, step", run.OneLine, StringComparison.Ordinal);
        Run predict = await Tool.RunAsync("predict m.safetensors plane --json", folder.Path);
        Assert.Equal(0, predict.ExitCode);
        Assert.True(double.IsFinite(JsonDocument.Parse(predict.Output).RootElement.GetProperty("loss").GetDouble()));
    }

    [Fact]
    public async Task A_network_that_cannot_learn_is_warned_of_with_advice()
    {
        Run run = await Tool.RunAsync("train moons --optimizer sgd --lr 500 --clip-norm 1 --epochs 3 --json");
        Assert.Contains("Warning: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("leaky-relu", run.Error, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.Equal("deadUnits", document.RootElement.GetProperty("warnings")[0].GetProperty("problem").GetString());
    }

    [Theory]
    [InlineData("train nothing", "'nothing'")]
    [InlineData("train missing.csv", "no such file")]
    [InlineData("train digits --samples 10", "toy sets")]
    [InlineData("train digits --loss bce", "two classes")]
    [InlineData("train plane --loss cross-entropy", "values to predict")]
    [InlineData("train digits --hidden 8,,8", "'8,,8'")]
    [InlineData("train digits --optimizer newton", "adam, adam-w, sgd, rmsprop, adagrad, lion")]
    [InlineData("train digits --epochs 0", "'0'")]
    [InlineData("train digits --batch -4", "'-4'")]
    [InlineData("train digits --lr 0", "above 0")]
    [InlineData("train digits --micro-batch 0", "'0'")]
    [InlineData("train digits --micro-batch 65", "at most the 64 samples of a batch")]
    [InlineData("train digits --batch-norm --batch 8 --micro-batch 7", "leave a single one")]
    [InlineData("train xor --batch-norm --batch 3", "of 4 samples --batch 3 leaves a single one")]
    [InlineData("train digits --l1 -0.1", "from 0 to 1000")]
    [InlineData("train digits --l2 x", "'x'")]
    [InlineData("train digits --label-smoothing 1.5", "from 0 to 1")]
    [InlineData("train plane --label-smoothing 0.1", "cross-entropy")]
    [InlineData("train digits --activation swish", "elu, hardtanh")]
    [InlineData("train digits --validation 1", "from 0 to 0.9")]
    [InlineData("train digits --save none/m.safetensors", "no folder")]
    [InlineData("train digits --plot p.bmp", ".png or .svg")]
    [InlineData("train digits --momentum 0.9", "sgd and rmsprop")]
    [InlineData("train digits --test moons", "CSV")]
    [InlineData("train none.npz", "'none.npz'")]
    [InlineData("train broken.npz", "npz file that can be read")]
    [InlineData("train xor --early-stopping 3", "--validation")]
    [InlineData("train broken.csv", "line 3")]
    [InlineData("predict none.safetensors digits", "'none.safetensors'")]
    [InlineData("predict broken.csv digits", "safetensors")]
    public async Task Rubbish_gets_one_line_that_names_it_and_exit_code_2(string arguments, string named)
    {
        File.WriteAllText(Path.Combine(folder.Path, "broken.csv"), "a,b,c\n1,2,x\n1,?,y\n");
        File.WriteAllText(Path.Combine(folder.Path, "broken.npz"), "PK");
        Run run = await Tool.RunAsync(arguments, folder.Path);
        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains(named, run.OneLine, StringComparison.Ordinal);
        Assert.Equal(["broken.csv", "broken.npz"], folder.Files);
    }

    [Fact]
    public async Task A_model_is_not_used_on_other_data()
    {
        Assert.Equal(0, (await Tool.RunAsync("train moons --epochs 1 --save moons.safetensors --quiet", folder.Path)).ExitCode);
        Run run = await Tool.RunAsync("predict moons.safetensors digits", folder.Path);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("64 inputs", run.OneLine, StringComparison.Ordinal);
        byte[] model = File.ReadAllBytes(Path.Combine(folder.Path, "moons.safetensors"));
        File.WriteAllBytes(Path.Combine(folder.Path, "half.safetensors"), model[..(model.Length / 2)]);
        Run truncated = await Tool.RunAsync("predict half.safetensors moons", folder.Path);
        Assert.Equal(2, truncated.ExitCode);
        Assert.Contains("'half.safetensors'", truncated.OneLine, StringComparison.Ordinal);
    }
}
