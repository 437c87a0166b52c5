using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Optimizers;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons;

/// <summary>Computes the numbers of each section of the lesson. Every method starts afresh, in any order.</summary>
/// <param name="options">The experiment.</param>
public sealed class Lesson(LessonOptions options)
{
    private const int Inputs = 2;
    private const int Outputs = 1;

    /// <summary>The experiment.</summary>
    public LessonOptions Options => options;

    /// <summary>Section 1: the activation functions and their derivatives at −2, −1, 0, 1, 2.</summary>
    public static ActivationTable Activations()
    {
        double[] x = [-2, -1, 0, 1, 2];
        return new ActivationTable(
            x,
            [.. x.Select(Activation.Sigmoid)],
            [.. x.Select(Activation.SigmoidDerivative)],
            [.. x.Select(Activation.Relu)],
            [.. x.Select(Activation.ReluDerivative)]);
    }

    /// <summary>Section 2: one neuron, forward and backward, for x = 2 and target = 1.</summary>
    public NeuronExample Neuron()
    {
        var random = new NumPyRandom(options.Seed);
        var neuron = new SingleNeuron(weight: random.Randn(), bias: random.Randn());
        NeuronForward forward = neuron.Forward(x: 2, target: 1);
        return new NeuronExample(options.Seed, neuron.Weight, neuron.Bias, forward, SingleNeuron.Backward(forward));
    }

    /// <summary>Section 3: the gradients of the XOR network at its start by hand, by the engine, by autodiff and numerically.</summary>
    public GradientAgreement CompareGradients()
    {
        Tensor<double> x = Xor.Inputs();
        Tensor<double> y = Xor.Targets();
        TwoLayerPerceptron network = NewPerceptron(options.Seed, options.Hidden);
        IReadOnlyList<NamedTensor> byHand = network.Backward(network.Forward(x), y).ParameterGradients;

        Sequential<double> engine = NewEngineNetwork();
        var loss = new MeanSquaredError<double>();
        loss.Forward(engine.Forward(x), y);
        engine.Backward(loss.Backward());

        IReadOnlyList<Tensor<double>> autodiff = ScalarPerceptron.Gradients(network.Parameters, x, y);
        GradientCheckReport numeric = CheckByHand(network, x, y);

        return new GradientAgreement(options.Seed, options.Hidden, [.. byHand.Select((gradient, i) =>
        {
            GradientCheckRow check = numeric.Rows[i];
            double exactDifference = Math.Max(
                LargestDifference(gradient.Value, engine.Parameters[i].Gradient),
                LargestDifference(gradient.Value, autodiff[i]));
            double numericDifference = LargestDifference(gradient.Value, check.Numeric);
            return new AgreementRow
            {
                Parameter = gradient.Name,
                ByHand = gradient.Value,
                Engine = engine.Parameters[i].Gradient,
                Autodiff = autodiff[i],
                Numeric = check.Numeric,
                ExactDifference = exactDifference,
                LargestDifference = check.Verdict == GradientVerdict.Kink ? exactDifference : Math.Max(exactDifference, numericDifference),
                NumericDifference = numericDifference,
                Verdict = check.Verdict,
            };
        })]);
    }

    /// <summary>Section 4: trains the hand-written network on XOR, with the whole batch in every step.</summary>
    /// <param name="progress">Is told the loss of each epoch, on this thread.</param>
    /// <param name="cancellationToken">Stops training after the current epoch; what has been learnt is returned.</param>
    public XorRun TrainXor(IProgress<EpochProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Tensor<double> x = Xor.Inputs();
        Tensor<double> y = Xor.Targets();
        TwoLayerPerceptron network = NewPerceptron(options.Seed, options.Hidden);
        IReadOnlyList<NamedTensor> initial = network.Parameters; // an update makes new tensors, so these stay
        var losses = new List<double>(options.Epochs);
        var outcome = TrainingOutcome.Finished;
        int? stuckEpoch = null;
        for (int epoch = 1; epoch <= options.Epochs; epoch++)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                outcome = TrainingOutcome.Cancelled;
                break;
            }

            ForwardPass forward = network.Forward(x);
            double loss = TwoLayerPerceptron.Loss(forward.A2, y);
            if (!double.IsFinite(loss))
            {
                outcome = TrainingOutcome.Diverged;
                break;
            }

            losses.Add(loss);
            BackwardPass backward = network.Backward(forward, y);
            stuckEpoch ??= backward.ParameterGradients.All(gradient => gradient.Value.All(slope => slope == 0)) ? epoch : null;
            network.Update(backward, options.LearningRate);
            progress?.Report(new EpochProgress(epoch, loss));
        }

        double[] predictions = [.. network.Forward(x).A2];
        return new XorRun
        {
            Seed = options.Seed,
            Hidden = options.Hidden,
            LearningRate = options.LearningRate,
            Epochs = options.Epochs,
            Initial = initial,
            Losses = losses,
            Outcome = predictions.All(double.IsFinite) ? outcome : TrainingOutcome.Diverged,
            StuckEpoch = stuckEpoch,
            Final = network.Parameters,
            Predictions = predictions,
        };
    }

    /// <summary>Section 4: trains the engine from the same start on the same data, and compares the losses.</summary>
    /// <param name="byHand">What the hand-written network did.</param>
    public EngineRun TrainXorWithEngine(XorRun byHand)
    {
        ArgumentNullException.ThrowIfNull(byHand);
        Tensor<double> x = Xor.Inputs();
        Tensor<double> y = Xor.Targets();
        Sequential<double> network = NewEngineNetwork();
        var loss = new MeanSquaredError<double>();
        var optimizer = new Sgd<double>(network.Parameters, options.LearningRate);
        double[] losses = new double[byHand.Losses.Count];
        double largest = 0;
        for (int i = 0; i < losses.Length; i++)
        {
            losses[i] = loss.Forward(network.Forward(x), y);
            network.Backward(loss.Backward());
            optimizer.Step();
            largest = Math.Max(largest, RelativeDifference(losses[i], byHand.Losses[i]));
        }

        return new EngineRun(losses, largest);
    }

    /// <summary>Section 5: checks the gradients by hand against central differences, biases too.</summary>
    public CheckedGradients CheckGradients()
    {
        Tensor<double> x = Xor.Inputs();
        Tensor<double> y = Xor.Targets();
        TwoLayerPerceptron network = NewPerceptron(options.GradientCheckSeed, options.GradientCheckHidden);
        GradientCheckReport report = CheckByHand(network, x, y);
        GradientCheckRow b1 = report.Rows.Single(row => row.Parameter == "b1");
        KinkExample? kink = b1.Verdict == GradientVerdict.Kink ? LookAtKink(network, x, y, b1) : null;
        return new CheckedGradients(options.GradientCheckSeed, options.GradientCheckHidden, report, kink);
    }

    /// <summary>Section 6: the chain of the XOR network at its start, for the sample (1, 1).</summary>
    public ChainExample Chain()
    {
        const int sample = 3;
        TwoLayerPerceptron network = NewPerceptron(options.Seed, options.Hidden);
        Tensor<double> inputs = Xor.Inputs();
        Tensor<double> x = Tensor.Create([inputs[sample, 0], inputs[sample, 1]], [1, Inputs]);
        Tensor<double> y = Tensor.Create([Xor.Targets()[sample, 0]], [1, Outputs]);
        ForwardPass forward = network.Forward(x);
        BackwardPass backward = network.Backward(forward, y);
        return new ChainExample
        {
            Sample = sample,
            Target = y[0, 0],
            W2 = network.Parameters.Single(parameter => parameter.Name == "W2").Value,
            Forward = forward,
            Loss = TwoLayerPerceptron.Loss(forward.A2, y),
            Backward = backward,
            Input = 0,
            Unit = Enumerable.Range(0, options.Hidden).MaxBy(unit => Math.Abs(backward.LossByZ1[0, unit])),
        };
    }

    private static TwoLayerPerceptron NewPerceptron(uint seed, int hidden) => new(Inputs, hidden, Outputs, new NumPyRandom(seed));

    /// <summary>The same network in the engine: the same seed draws the same weights in the same order.</summary>
    private Sequential<double> NewEngineNetwork()
    {
        var random = new NumPyRandom(options.Seed);
        return new Sequential<double>(
            new Linear<double>(Inputs, options.Hidden, random),
            new ReLU<double>(),
            new Linear<double>(options.Hidden, Outputs, random),
            new Sigmoid<double>());
    }

    private GradientCheckReport CheckByHand(TwoLayerPerceptron network, Tensor<double> x, Tensor<double> y)
    {
        IReadOnlyList<NamedTensor> gradients = network.Backward(network.Forward(x), y).ParameterGradients;
        CheckedTensor<double>[] tensors = [.. network.Parameters.Zip(gradients, (parameter, gradient) => new CheckedTensor<double>(parameter.Name, parameter.Value, gradient.Value))];
        return GradientCheck.Run(() => TwoLayerPerceptron.Loss(network.Forward(x).A2, y), tensors, new GradientCheckOptions { Step = options.GradientCheckStep });
    }

    /// <summary>Measures the slopes on both sides of the worst entry of b1.</summary>
    private KinkExample LookAtKink(TwoLayerPerceptron network, Tensor<double> x, Tensor<double> y, GradientCheckRow row)
    {
        Tensor<double> b1 = network.Parameters.Single(parameter => parameter.Name == row.Parameter).Value;
        int unit = row.Worst.Index[0];
        double original = b1[unit];
        double LossAt(double value)
        {
            b1[unit] = value;
            double loss = TwoLayerPerceptron.Loss(network.Forward(x).A2, y);
            b1[unit] = original;
            return loss;
        }

        double step = options.GradientCheckStep;
        double here = LossAt(original);
        double left = (here - LossAt(original - step)) / step;
        double right = (LossAt(original + step) - here) / step;
        return new KinkExample(unit, row.Worst.Analytic, row.Worst.Numeric, left, right);
    }

    private static double LargestDifference(Tensor<double> left, Tensor<double> right) =>
        left.Zip(right, (a, b) => Math.Abs(a - b)).Max();

    private static double RelativeDifference(double value, double reference) =>
        value == reference ? 0 : Math.Abs(value - reference) / Math.Abs(reference);
}
