using System.Globalization;
using ChainRule.Lessons.Text;
using ChainRule.Playground.Session;
using ChainRule.Training;
using ChainRule.Verification;

namespace ChainRule.Playground.Text;

/// <summary>
/// Every piece of text of the page in one language. Pieces with numbers in them are composite formats ({0}, {1}, …); symbols and
/// formulas are the same in every language.
/// </summary>
public sealed record PageText
{
    /// <summary>The page's title.</summary>
    public required string Title { get; init; }

    /// <summary>What the page is about.</summary>
    public required string Subtitle { get; init; }

    /// <summary>The row at the top.</summary>
    public required HeaderText Header { get; init; }

    /// <summary>Playing and stepping.</summary>
    public required TransportText Transport { get; init; }

    /// <summary>The data.</summary>
    public required DataText Data { get; init; }

    /// <summary>The network and its training.</summary>
    public required EditorText Editor { get; init; }

    /// <summary>The picture of the network.</summary>
    public required PictureText Picture { get; init; }

    /// <summary>The answers over the plane.</summary>
    public required SurfaceText Surface { get; init; }

    /// <summary>The curves.</summary>
    public required PlotText Plots { get; init; }

    /// <summary>The inspector.</summary>
    public required InspectorText Inspector { get; init; }

    /// <summary>The bug lab.</summary>
    public required BugLabText Bugs { get; init; }

    /// <summary>The lesson.</summary>
    public required TourText Tour { get; init; }

    /// <summary>Taking it along.</summary>
    public required TakeText Take { get; init; }

    /// <summary>What went wrong.</summary>
    public required ErrorText Errors { get; init; }

    /// <summary>The text in a language.</summary>
    /// <param name="language">The language.</param>
    public static PageText In(Language language) => language == Language.Korean ? KoreanPage.Text : EnglishPage.Text;

    /// <summary>A text with numbers put in.</summary>
    /// <param name="format">The text.</param>
    /// <param name="values">The numbers.</param>
    public static string With(string format, params ReadOnlySpan<object?> values)
    {
        string text = string.Format(CultureInfo.InvariantCulture, format, values);
        return format.Contains("(는)", StringComparison.Ordinal) || format.Contains("(가)", StringComparison.Ordinal) || format.Contains("(으)", StringComparison.Ordinal) ? Particles.Fit(text) : text;
    }

    /// <summary>What an operation does.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="run">The run that it belongs to.</param>
    public string Describe(Operation operation, TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        string layer = operation.Layer < 0 ? "" : run.Pass.Layers[operation.Layer].Name;
        string what = operation.Layer < 0 ? "" : run.Pass.Layers[operation.Layer].Description;
        return operation.Kind switch
        {
            OperationKind.Forward => With(Transport.ForwardDone, layer, what),
            OperationKind.Loss => With(Transport.LossDone, Numbers.Brief(run.Pass.Loss)),
            OperationKind.LossGradient => Transport.LossGradientDone,
            OperationKind.Backward => With(Transport.BackwardDone, layer, what),
            _ => With(Transport.UpdateDone, layer),
        };
    }

    /// <summary>Where numbers stopped being finite.</summary>
    /// <param name="breakdown">The breakdown.</param>
    public string Describe(Breakdown breakdown)
    {
        ArgumentNullException.ThrowIfNull(breakdown);
        string where = breakdown.Kind switch
        {
            BreakdownKind.Input => Errors.BreakdownInput,
            BreakdownKind.Parameter => With(Errors.BreakdownParameter, breakdown.Place),
            BreakdownKind.Output => With(Errors.BreakdownOutput, breakdown.Place),
            _ => Errors.BreakdownLoss,
        };
        return $"{With(Errors.Breakdown, breakdown.Step)} {where} {With(Errors.BreakdownCause, breakdown.LastGoodStep, Numbers.Brief(breakdown.LargestWeight))}";
    }

    /// <summary>What ails a neuron.</summary>
    /// <param name="health">The ailment.</param>
    public string Describe(UnitHealth health)
    {
        ArgumentNullException.ThrowIfNull(health);
        return health.Problem switch
        {
            UnitProblem.Dead => With(Picture.Dead, health.Layer + 1, health.Unit),
            UnitProblem.Saturated => With(Picture.Saturated, health.Layer + 1, health.Unit, Numbers.Percent(health.Extent)),
            _ => With(Picture.Exploding, health.Layer + 1, health.Unit, Numbers.Brief(health.Extent)),
        };
    }

    /// <summary>A verdict.</summary>
    /// <param name="verdict">The verdict.</param>
    public string Describe(GradientVerdict verdict) => verdict switch
    {
        GradientVerdict.Pass => Inspector.Pass,
        GradientVerdict.Kink => Inspector.Kink,
        GradientVerdict.Fail => Inspector.Fail,
        _ => Inspector.Noise,
    };

    /// <summary>What a loss is called.</summary>
    /// <param name="loss">The loss.</param>
    public string Name(LossKind loss) => loss switch
    {
        LossKind.MeanSquaredError => Editor.MeanSquaredError,
        LossKind.BinaryCrossEntropy => Editor.BinaryCrossEntropy,
        _ => Editor.CrossEntropy,
    };

    /// <summary>What a data set is called.</summary>
    /// <param name="kind">Its name.</param>
    public string DataName(string kind) => Data.Kinds.TryGetValue(kind, out string? name) ? name : kind;

    /// <summary>What something that can be inspected is called in words.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="isNeuron">Whether it is a neuron.</param>
    /// <param name="layers">How many layers of neurons there are.</param>
    public string Describe(Entry entry, bool isNeuron, int layers)
    {
        string to = With(entry.Layer == layers - 1 ? Picture.OutputNeuron : Picture.HiddenNeuron, entry.Unit, entry.Layer + 1);
        if (isNeuron)
        {
            return to;
        }

        if (entry.IsBias)
        {
            return With(Picture.BiasOf, to);
        }

        string from = entry.Layer == 0 ? With(Picture.InputNumber, entry.Input) : With(Picture.HiddenNeuron, entry.Input, entry.Layer);
        return With(Picture.WeightFromTo, from, to);
    }
}
