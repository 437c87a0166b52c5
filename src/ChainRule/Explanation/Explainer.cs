using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Losses;
using ChainRule.Verification;

namespace ChainRule.Explanation;

/// <summary>
/// Explains the derivatives of one network, one loss and one batch: where each comes from, factor by factor, and whether
/// independent ways of finding it agree.
/// </summary>
/// <remarks>
/// <para>
/// The chain rule for one weight θ: ∂L/∂θ = Σ over all paths from L down to θ of the product of the local derivatives along
/// the path. A local derivative is a row of a layer's Jacobian, and the layer's own Backward gives it exactly for an
/// upstream gradient that is 1 for one output and 0 for all others. So every layer can be explained; those of the library
/// show the formula too.
/// </para>
/// <para>
/// The pass is run and kept when the explainer is made, in the mode that the network is in: one that draws at random must
/// keep what it has drawn. When the network has changed, make a new explainer. Parameters and gradients of the network come
/// back as they were; what its layers keep for Backward is then that of this batch.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Explainer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const string InputName = "input";

    // Rounding is a few units in the last place for each of the additions that made a number.
    private const double RoundingUnits = 16;

    private readonly Layer<T> network;
    private readonly Loss<T> loss;
    private readonly Tensor<T> inputs;
    private readonly Tensor<T> targets;
    private readonly ExplainerOptions options;
    private readonly Stage<T>[] stages;
    private readonly nint[][] shapes;
    private readonly int[] sizes;
    private readonly double[] lossSlopes;
    private readonly Jacobian?[] jacobians;

    /// <summary>Runs the network forward and backward and keeps every number.</summary>
    /// <param name="network">The network; any layer.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="inputs">A batch.</param>
    /// <param name="targets">Its targets, in the form that the loss takes.</param>
    /// <param name="options">How many paths are named, and what the samples are called.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public Explainer(Layer<T> network, Loss<T> loss, Tensor<T> inputs, Tensor<T> targets, ExplainerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (!Shape.IsBatch(inputs))
        {
            throw Shape.NotABatch(inputs, "The input", nameof(inputs));
        }

        this.network = network;
        this.loss = loss;
        this.inputs = Tensor.Create(inputs.AsSpan().ToArray(), inputs.Lengths); // its values are moved for the numeric opinion
        this.targets = targets;
        this.options = options ?? new ExplainerOptions();
        int samples = (int)inputs.Lengths[0];
        IReadOnlyList<int> numbers = this.options.SampleNumbers ?? [.. Enumerable.Range(0, samples)];
        if (numbers.Count != samples)
        {
            throw new ArgumentException($"Expected a number for each of the {samples} samples, got {numbers.Count}.", nameof(options));
        }

        stages = Stage<T>.Of(network);
        using var guard = new GradientGuard<T>(stages);
        Pass = PassRecorder.Record(stages, loss, this.inputs, targets, numbers, out shapes);
        sizes = [.. shapes.Select(shape => checked((int)TensorPrimitives.Product<nint>(shape)))];
        lossSlopes = [.. Pass.Layers[^1].Gradients];
        jacobians = new Jacobian?[stages.Length + 1];
        IEnumerable<TargetTensor> parameters = Pass.Layers.SelectMany(layer => layer.Parameters).Select(parameter => new TargetTensor(parameter.Name, parameter.Lengths));
        Targets = stages.All(stage => stage.Layer.HasInputGradient) ? [.. parameters, new TargetTensor(InputName, [samples, .. Pass.Input.Shape])] : [.. parameters];
    }

    /// <summary>The whole forward and backward pass.</summary>
    public NetworkPass Pass { get; }

    /// <summary>The tensors whose entries can be explained: every parameter, and the input.</summary>
    public IReadOnlyList<TargetTensor> Targets { get; }

    /// <summary>Explains one derivative.</summary>
    /// <param name="name">An entry, e.g. layer1.weight[0,3], layer2.bias[0] or input[0,1]; for a batch of one sample input[1] will do.</param>
    /// <exception cref="ArgumentException">There is no such entry; the message says which there are.</exception>
    /// <exception cref="NotSupportedException">A layer whose structure is not known is too large.</exception>
    public Derivation Explain(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int bracket = name.IndexOf('[', StringComparison.Ordinal);
        string tensor = bracket < 0 ? name : name[..bracket];
        string[] parts = bracket < 0 || !name.EndsWith(']') ? [] : name[(bracket + 1)..^1].Split(',');
        int[] indices = [.. parts.Select(part => int.TryParse(part.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : -1)];
        return Explain(tensor.Trim(), indices, name);
    }

    /// <summary>Explains one derivative.</summary>
    /// <param name="tensor">The name of a parameter, or input.</param>
    /// <param name="indices">The place inside it.</param>
    /// <exception cref="ArgumentException">There is no such entry; the message says which there are.</exception>
    /// <exception cref="NotSupportedException">A layer whose structure is not known is too large.</exception>
    public Derivation Explain(string tensor, params ReadOnlySpan<int> indices) =>
        Explain(tensor, indices.ToArray(), $"{tensor}[{string.Join(',', indices.ToArray())}]");

    private Derivation Explain(string tensor, int[] indices, string name)
    {
        if (tensor == InputName && Pass.Samples == 1 && indices.Length == Pass.Input.Shape.Count)
        {
            indices = [0, .. indices];
        }

        if (Targets.FirstOrDefault(candidate => candidate.Name == tensor) is not { } found || Places.Ravel(indices, found.Lengths) is not { } position)
        {
            throw new ArgumentException($"There is no '{name}': expected an entry of {string.Join(", ", Targets)}.", nameof(tensor));
        }

        using var guard = new GradientGuard<T>(stages);
        (Target target, int parameter) = Find(tensor, indices, position);
        Edge[] seeds = OpenJacobians(target, parameter, position);
        var search = new PathSearch(target.Level, seeds, [.. jacobians.Select((jacobian, level) => level > target.Level ? jacobian : null)], sizes, lossSlopes);
        var describe = new FactorWriter<T>(stages, Pass, loss, loss is SoftmaxCrossEntropy<T> && targets.Rank == shapes[^1].Length - 1, target, parameter);
        var slopes = seeds.ToDictionary(seed => seed.Unit, seed => seed.Value);
        Jacobian?[] rows = [.. jacobians];

        DerivationPath[] paths = [.. search.Largest().Take(options.MaximumPaths).Select(units => Describe(units, target, slopes, rows, describe))];
        int outputs = Pass.Layers[^1].Units;
        SamplePart[] samples = [.. Enumerable.Range(0, Pass.Samples).Select(sample =>
        {
            (double count, double sum) = (0, 0);
            for (int unit = sample * outputs; unit < (sample + 1) * outputs; unit++)
            {
                (double more, double part) = search.At(unit);
                count += more;
                sum += part;
            }

            DerivationPath[] named = [.. paths.Where(path => path.Sample == sample)];
            return new SamplePart(sample, Pass.SampleNumbers[sample], sum, count, named, count == named.Length ? 0 : sum - named.Sum(path => path.Product));
        })];
        double gradient = target.Level == 0 ? Pass.Input.Gradients[position] : Pass.Layers[target.Level - 1].Parameters[parameter].Gradients[position];
        double total = samples.Sum(sample => sample.Gradient);
        double? autodiff = ScalarForms.Derivative(stages, Pass, target, position, loss);
        return new Derivation(unit => Unfold(unit, target, rows, describe))
        {
            Target = target,
            Pass = Pass,
            Gradient = gradient,
            Opinions = Judge(target, parameter, position, gradient, total, autodiff, search),
            Samples = samples,
            Paths = paths,
            Terms = target.Level == 0
                ? Unfold(new UnitReference(0, indices[0], position % Pass.Input.Units), target, rows, describe)
                : [.. seeds.Select(seed => Term(describe.Unit(target.Level, seed.Unit), describe.Entry(seed.Unit, seed.Value)))],
        };
    }

    private (Target Target, int Parameter) Find(string tensor, int[] indices, int position)
    {
        if (tensor == InputName)
        {
            return (new Target(tensor, indices, Pass.Input.UnitSymbol(position % Pass.Input.Units), Pass.Input.Values[position], 0), -1);
        }

        for (int level = 1; ; level++)
        {
            IReadOnlyList<ParameterPass> parameters = Pass.Layers[level - 1].Parameters;
            for (int i = 0; i < parameters.Count; i++)
            {
                if (parameters[i].Name == tensor)
                {
                    return (new Target(tensor, indices, parameters[i].Symbol with { Indices = indices }, parameters[i].Values[position], level), i);
                }
            }
        }
    }

    /// <summary>Has the local derivatives of every layer above the target, and those of the target's own layer by the target.</summary>
    private Edge[] OpenJacobians(Target target, int parameter, int position)
    {
        network.Forward(inputs); // what the layers keep may be that of another batch by now
        for (int level = target.Level + 1; level <= stages.Length; level++)
        {
            jacobians[level] ??= LocalDerivatives.Of(stages[level - 1].Layer, shapes[level - 1], shapes[level]);
        }

        return target.Level == 0
            ? [new Edge(position, 1)]
            : LocalDerivatives.ByParameter(stages[target.Level - 1].Layer, parameter, position, Pass.Level(target.Level - 1).Values, shapes[target.Level]);
    }

    private DerivationPath Describe(int[] units, Target target, Dictionary<int, double> slopes, Jacobian?[] rows, FactorWriter<T> describe)
    {
        var factors = new List<Factor>(units.Length + 1) { describe.Loss(units[0], lossSlopes[units[0]]) };
        for (int i = 1; i < units.Length; i++)
        {
            int level = stages.Length - i + 1;
            factors.Add(describe.Local(level, units[i - 1], units[i], Between(rows[level]!, units[i - 1], units[i])));
        }

        if (target.Level > 0)
        {
            factors.Add(describe.Entry(units[^1], slopes[units[^1]]));
        }

        return new DerivationPath(units[0] / Pass.Layers[^1].Units, factors, factors.Aggregate(1.0, (product, factor) => product * factor.Value));
    }

    private static double Between(Jacobian jacobian, int output, int input)
    {
        var row = new Edge[jacobian.Widest];
        int count = jacobian.Row(output, row);
        return row.AsSpan(0, count).ToArray().First(edge => edge.Unit == input).Value;
    }

    private IReadOnlyList<SumTerm> Unfold(UnitReference unit, Target target, Jacobian?[] rows, FactorWriter<T> describe)
    {
        if (unit.Level < target.Level || unit.Level > stages.Length || unit.Sample < 0 || unit.Sample >= Pass.Samples || unit.Unit < 0 || unit.Unit >= Pass.Level(unit.Level).Units)
        {
            throw new ArgumentException($"Expected a unit on the way from {target.Name} to the loss, got {unit}.", nameof(unit));
        }

        int position = (unit.Sample * Pass.Level(unit.Level).Units) + unit.Unit;
        if (unit.Level == stages.Length)
        {
            return [Term(null, describe.Loss(position, lossSlopes[position]))];
        }

        Jacobian jacobian = rows[unit.Level + 1]!;
        var column = new Edge[jacobian.Widest];
        int count = jacobian.Column(position, column);
        return [.. column[..count].Select(edge => Term(describe.Unit(unit.Level + 1, edge.Unit), describe.Local(unit.Level + 1, edge.Unit, position, edge.Value)))];
    }

    private SumTerm Term(UnitReference? upper, Factor local)
    {
        double gradient = upper is { } unit ? Pass.Gradient(unit) : 1;
        return new SumTerm(upper, local.Numerator, gradient, local, gradient * local.Value);
    }

    /// <summary>Moves θ to both sides for the numeric opinion, and compares all of them.</summary>
    private Opinions Judge(Target target, int parameter, int position, double gradient, double paths, double? autodiff, PathSearch search)
    {
        bool isDouble = typeof(T) == typeof(double);
        double usual = isDouble ? 1e-5 : 1e-2;
        double rounding = RoundingUnits * double.CreateTruncating(T.BitIncrement(T.One) - T.One);
        double lossRounding = rounding * Math.Abs(Pass.Loss);
        Parameter<T>? owner = parameter < 0 ? null : stages[target.Level - 1].Layer.Parameters[parameter];
        CheckedEntry entry = GradientCheck.Entry(network, loss, inputs, targets, owner?.Name ?? "input", Comparison.Unravel(position, (owner?.Value ?? inputs).Lengths));

        // Rounding in a sum is that of its largest part, and rounding in p − y remains where the difference is 0. What is below
        // the noise of the numeric derivative is no disagreement either: there σ(z)(1 − σ(z)) loses its digits in one of the ways.
        double tolerance = ((isDouble ? 1e-9 : 1e-3) * Math.Max(Math.Abs(gradient), search.LargestProduct())) + (rounding * search.LargestSlope()) + (lossRounding / usual);
        bool agree = Math.Abs(gradient - paths) <= tolerance && (autodiff is not { } other || Math.Abs(gradient - other) <= tolerance);
        return new Opinions(gradient, paths, autodiff, entry.Numeric, agree ? entry.Verdict : GradientVerdict.Fail);
    }
}
