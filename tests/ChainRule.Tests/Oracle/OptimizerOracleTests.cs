using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Optimizers;
using Xunit;

namespace ChainRule.Tests.Oracle;

/// <summary>Protects every optimizer's update and each of its options: 50 steps lead to where PyTorch's lead.</summary>
public class OptimizerOracleTests
{
    private const string File = "optimizers.json";

    public static TheoryData<string> Cases => Fixture.Cases(File);

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_optimizer_in_double_precision_walks_with_PyTorch(string name) => Check<double>(name);

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_optimizer_in_single_precision_walks_with_PyTorch(string name) => Check<float>(name);

    private static void Check<T>(string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        JsonElement document = Fixture.Read(File);
        JsonElement test = Fixture.Case(File, name);
        JsonElement options = test.GetProperty("options");
        Slope<T>[] slopes = [.. document.GetProperty("problem").EnumerateObject().Select(part => new Slope<T>(part, document))];
        Optimizer<T> optimizer = Make(test.GetProperty("optimizer").GetString()!, slopes.Select(slope => slope.Parameter), options);
        for (int step = 1; step <= document.GetProperty("steps").GetInt32(); step++)
        {
            if (options.TryGetProperty("learningRateFromStep", out JsonElement change) && change[0].GetInt32() == step)
            {
                optimizer.LearningRate = change[1].GetDouble();
            }

            foreach (Slope<T> slope in slopes)
            {
                slope.FillGradient();
            }

            optimizer.Step();
            if (test.GetProperty("parametersAfter").TryGetProperty(step.ToString(CultureInfo.InvariantCulture), out JsonElement expected))
            {
                foreach (Slope<T> slope in slopes)
                {
                    Fixture.Equal(expected.GetProperty(slope.Parameter.Name), slope.Parameter.Value, $"{name}: {slope.Parameter.Name} after step {step}");
                }
            }
        }
    }

    private static Optimizer<T> Make<T>(string optimizer, IEnumerable<Parameter<T>> parameters, JsonElement options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // An option that the fixture leaves out is left to the default, which has to be PyTorch's: all but Sgd are run
        // with none at all.
        double Number(string name, double otherwise) => options.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : otherwise;
        bool Flag(string name) => options.TryGetProperty(name, out JsonElement value) && value.GetBoolean();
        bool hasNone = !options.EnumerateObject().Any();
        return optimizer switch
        {
            "Sgd" => new Sgd<T>(parameters, Number("learningRate", double.NaN), Number("momentum", 0), Flag("nesterov"), Number("weightDecay", 0), Number("dampening", 0)),
            "Adam" when hasNone => new Adam<T>(parameters),
            "Adam" => new Adam<T>(parameters, Number("learningRate", double.NaN), Number("beta1", 0.9), Number("beta2", 0.999), Number("epsilon", 1e-8), Number("weightDecay", 0), Flag("amsgrad")),
            "AdamW" when hasNone => new AdamW<T>(parameters),
            "AdamW" => new AdamW<T>(parameters, Number("learningRate", double.NaN), Number("beta1", 0.9), Number("beta2", 0.999), Number("epsilon", 1e-8), Number("weightDecay", 1e-2), Flag("amsgrad")),
            "RmsProp" when hasNone => new RmsProp<T>(parameters),
            "RmsProp" => new RmsProp<T>(parameters, Number("learningRate", double.NaN), Number("alpha", 0.99), Number("epsilon", 1e-8), Number("weightDecay", 0), Number("momentum", 0), Flag("centered")),
            "Adagrad" when hasNone => new Adagrad<T>(parameters),
            "Adagrad" => new Adagrad<T>(parameters, Number("learningRate", double.NaN), Number("learningRateDecay", 0), Number("weightDecay", 0), Number("initialAccumulator", 0), Number("epsilon", 1e-10)),
            "Lion" when hasNone => new Lion<T>(parameters),
            "Lion" => new Lion<T>(parameters, Number("learningRate", double.NaN), Number("beta1", 0.9), Number("beta2", 0.99), Number("weightDecay", 0)),
            _ => throw new InvalidDataException($"{File} has an optimizer '{optimizer}' that this test does not know."),
        };
    }

    /// <summary>A parameter θ and the gradient of its part of the problem: curvature·(θ − centre) + amplitude·sin(frequency·θ).</summary>
    private sealed class Slope<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly T[] curvature;
        private readonly T[] centre;
        private readonly T amplitude;
        private readonly T frequency;

        public Slope(JsonProperty part, JsonElement document)
        {
            Parameter = new Parameter<T>(part.Name, Fixture.Tensor<T>(part.Value.GetProperty("start")));
            curvature = Fixture.Tensor<T>(part.Value.GetProperty("curvature")).ToArray();
            centre = Fixture.Tensor<T>(part.Value.GetProperty("centre")).ToArray();
            amplitude = T.CreateTruncating(document.GetProperty("amplitude").GetDouble());
            frequency = T.CreateTruncating(document.GetProperty("frequency").GetDouble());
        }

        public Parameter<T> Parameter { get; }

        public void FillGradient()
        {
            T[] theta = Parameter.Value.ToArray();
            Span<T> gradient = Parameter.AccumulateGradient();
            for (int i = 0; i < theta.Length; i++)
            {
                gradient[i] += (curvature[i] * (theta[i] - centre[i])) + (amplitude * T.Sin(frequency * theta[i]));
            }
        }
    }
}
