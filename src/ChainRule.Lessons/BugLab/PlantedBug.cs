using ChainRule.Lessons.Text;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab;

/// <summary>A mistake in a backward pass: its story, the wrong line beside the right one, and a pass that contains it.</summary>
/// <remarks>
/// <para>
/// Every bug can be checked on a case of its own with <see cref="Check"/>. Those that belong to a layer or loss of the library
/// can also be planted into a network that is there already, to watch the verdicts turn and the training suffer:
/// </para>
/// <code>
/// foreach (PlantedBug bug in BugCatalogue.All.Where(bug => bug.CanPlantIn(network, loss)))
/// {
///     PlantedNetwork planted = bug.Plant(network, loss);
///     GradientCheckReport report = GradientCheck.Run(planted.Network, planted.Loss, x, y); // fails
///     var optimizer = new Sgd&lt;double&gt;(planted.Network.Parameters, learningRate);           // trains with the bug
/// }
/// </code>
/// <para>
/// The copy computes what the original computes and shares its values: training the copy moves the original too, and a
/// training that goes on without the bug goes on from there. Gradients, and the optimizer's state, are the copy's own.
/// </para>
/// </remarks>
public abstract class PlantedBug
{
    /// <summary>What the command line and links call it, e.g. bias-not-summed.</summary>
    public abstract string Name { get; }

    /// <summary>What the diagnosis should say.</summary>
    public abstract GradientMistake Cause { get; }

    /// <summary>
    /// Whether a pass with the mistake can be repeated: it keeps nothing of earlier passes and changes no value. Who goes back in time,
    /// as the playground does, plants such bugs only.
    /// </summary>
    public virtual bool IsRepeatable => true;

    /// <summary>The forward pass, and the line of the backward pass, wrong and right.</summary>
    public abstract BugCode Code { get; }

    /// <summary>The story in English.</summary>
    protected abstract BugText English { get; }

    /// <summary>The story in Korean.</summary>
    protected abstract BugText Korean { get; }

    /// <summary>The story in a language.</summary>
    /// <param name="language">The language.</param>
    public BugText In(Language language) => language == Language.Korean ? Korean : English;

    /// <summary>Checks a small case that contains the mistake.</summary>
    /// <param name="seed">The seed of the case: its sizes and its numbers.</param>
    /// <param name="mended">Whether the right line stands in the place of the wrong one.</param>
    /// <param name="scale">How large the inputs are.</param>
    public abstract GradientCheckReport Check(uint seed, bool mended = false, double scale = 1);

    /// <summary>Whether the network or its loss has a place for this mistake.</summary>
    /// <param name="network">The network.</param>
    /// <param name="loss">Its loss.</param>
    public virtual bool CanPlantIn(Sequential<double> network, Loss<double> loss) => false;

    /// <summary>Makes a copy with this mistake; the parameters' values are shared.</summary>
    /// <param name="network">The network; it stays as it is.</param>
    /// <param name="loss">Its loss; it stays as it is.</param>
    /// <param name="mended">Whether the right line stands in the place of the wrong one.</param>
    /// <exception cref="ArgumentException">There is no place for this mistake; see <see cref="CanPlantIn"/>.</exception>
    public PlantedNetwork Plant(Sequential<double> network, Loss<double> loss, bool mended = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        return CanPlantIn(network, loss)
            ? Copy(network, loss, mended)
            : throw new ArgumentException($"The bug '{Name}' has no place in {network} with {loss}.", nameof(network));
    }

    /// <summary>Makes the copy; there is a place.</summary>
    private protected virtual PlantedNetwork Copy(Sequential<double> network, Loss<double> loss, bool mended) => throw new NotSupportedException();

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
