using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule.Verification;

/// <summary>
/// Proves a backward pass against the definition of the derivative: every entry θ is moved a little to both sides and
/// the loss is computed anew, ∂L/∂θ ≈ (L(θ + h) − L(θ − h)) / 2h.
/// </summary>
/// <remarks>
/// <para>
/// The relative error is |a − n| / max(|a|, |n|) between the analytic value a and the numeric value n. Where it exceeds the
/// tolerance, a sweep of steps finds the one that suits the entry: the largest that no smaller one contradicts. What rounding can
/// do to L and to a is measured. What then still disagrees is a kink, where θ sits on a corner of the loss and a lies between the
/// slopes to both sides, or the gradient is wrong.
/// </para>
/// <para>
/// A second proof needs no step: the order of the Taylor remainder (<see cref="TaylorTest"/>). Beyond values, each layer is probed:
/// for passes that differ from run to run, that ignore the gradient from above or use it twice, change what is not theirs, use
/// values of an earlier batch, or add up what they should not.
/// </para>
/// <para>
/// A float network of this library's layers is checked in double precision, as a copy, and then in float: its gradient may differ
/// from the proved one by what rounding can have done, and no more. With layers that the library does not know, float is all there is.
/// </para>
/// <para>Source of the error measure and of the usual step: the notes of Stanford's CS231n; of central differences: Fornberg, Generation of Finite Difference Formulas on Arbitrarily Spaced Grids (1988).</para>
/// </remarks>
public static class GradientCheck
{
    /// <summary>Checks every parameter of a network, and its input, under a loss.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="network">The network. Values come back bit for bit; gradients that had been added up are given up.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="input">A batch. Its values are moved and come back bit for bit.</param>
    /// <param name="target">Its targets.</param>
    /// <param name="options">Step, tolerance, sampling and seed.</param>
    /// <returns>A row for each parameter, then one for the input where that has a gradient.</returns>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public static GradientCheckReport Run<T>(Layer<T> network, Loss<T> loss, Tensor<T> input, Tensor<T> target, GradientCheckOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        return LayerCheck.Run(network, loss, input, target, options ?? new GradientCheckOptions());
    }

    /// <summary>
    /// Checks every parameter of a layer that stands alone, and its input. The loss is L = Σ r·a over the outputs a with
    /// fixed random numbers r, so that every output counts, each with another weight.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="layer">The layer. Values come back bit for bit; gradients that had been added up are given up.</param>
    /// <param name="input">A batch. Its values are moved and come back bit for bit.</param>
    /// <param name="options">Step, tolerance, sampling and seed.</param>
    /// <returns>A row for each parameter, then one for the input where that has a gradient.</returns>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public static GradientCheckReport Run<T>(Layer<T> layer, Tensor<T> input, GradientCheckOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(input);
        return LayerCheck.Run(layer, null, input, null, options ?? new GradientCheckOptions());
    }

    /// <summary>Checks the gradient of a loss.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="loss">The loss.</param>
    /// <param name="prediction">Predictions. Their values are moved and come back bit for bit.</param>
    /// <param name="target">Their targets.</param>
    /// <param name="options">Step, tolerance, sampling and seed.</param>
    /// <returns>One row, for the predictions.</returns>
    /// <exception cref="ArgumentException">The shapes do not match.</exception>
    public static GradientCheckReport Run<T>(Loss<T> loss, Tensor<T> prediction, Tensor<T> target, GradientCheckOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        return LossCheck.Run(loss, prediction, target, options ?? new GradientCheckOptions());
    }

    /// <summary>Checks a pair of functions that were written by hand, without any layer. The loss is L = Σ r·a, as for a layer alone.</summary>
    /// <example>
    /// <code>
    /// GradientCheck.Run(
    ///     () => x.MatMul(w) + b,
    ///     da => [da.MatMul(w.Transposed()), x.Transposed().MatMul(da), da.SumRows()],
    ///     [("x", x), ("W", w), ("b", b)]);
    /// </code>
    /// </example>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="forward">Computes the outputs a from the tensors as they are at that moment. A loss returns a tensor of one value.</param>
    /// <param name="backward">Computes the gradients from ∂L/∂a for the last forward pass: one for each tensor, in their order.</param>
    /// <param name="tensors">All that the outputs depend on, inputs and parameters, with the names that the report gives them.</param>
    /// <param name="options">Step, tolerance, sampling and seed.</param>
    /// <returns>A row for each tensor.</returns>
    /// <exception cref="ArgumentException">There are no tensors, or the backward function returns another number of gradients.</exception>
    public static GradientCheckReport Run<T>(
        Func<Tensor<T>> forward, Func<Tensor<T>, IReadOnlyList<Tensor<T>>> backward, IReadOnlyList<(string Name, Tensor<T> Value)> tensors, GradientCheckOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(backward);
        ArgumentNullException.ThrowIfNull(tensors);
        return tensors.Count > 0
            ? LayerCheck.Run(new FunctionLayer<T>(forward, backward, tensors), null, FunctionLayer<T>.NoInput, null, options ?? new GradientCheckOptions())
            : throw new ArgumentException("There is nothing to check: expected at least one tensor.", nameof(tensors));
    }

    /// <summary>Checks gradients that are already there, however they were computed.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="loss">Computes L from the values of the tensors as they are at that moment.</param>
    /// <param name="tensors">The tensors that L depends on, each with the gradient that is claimed for it.</param>
    /// <param name="options">Step, tolerance, sampling and seed.</param>
    /// <returns>A row for each tensor.</returns>
    /// <exception cref="ArgumentException">There are no tensors, two have one name, or a gradient has another shape than its value.</exception>
    public static GradientCheckReport Run<T>(Func<T> loss, IReadOnlyList<CheckedTensor<T>> tensors, GradientCheckOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(tensors);
        return ClaimCheck.Run(loss, tensors, options ?? new GradientCheckOptions());
    }

    /// <summary>
    /// Checks gradients that somebody computed for a network outside of it, in a backward pass written by hand. Unlike for a loss that
    /// is only a function, the layers are known: where a gradient is wrong, mistakes are made on purpose in each of them until one
    /// gives the same numbers.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="network">The network, which is right itself.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="input">A batch.</param>
    /// <param name="target">Its targets.</param>
    /// <param name="tensors">Parameters of the network by their names, or its input as <c>input</c>: the tensors that it reads, each with the gradient that is claimed for it.</param>
    /// <param name="options">Step, tolerance, sampling and seed.</param>
    /// <returns>A row for each tensor.</returns>
    /// <exception cref="ArgumentException">There are no tensors, two have one name, or a gradient has another shape than its value.</exception>
    public static GradientCheckReport Run<T>(
        Layer<T> network, Loss<T> loss, Tensor<T> input, Tensor<T> target, IReadOnlyList<CheckedTensor<T>> tensors, GradientCheckOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(tensors);
        return ClaimCheck.Run(network, loss, input, target, tensors, options ?? new GradientCheckOptions());
    }

    /// <summary>Checks every entry of every parameter: two forward passes for most, without the other proofs and without a diagnosis.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="network">The network. Values come back bit for bit; gradients that had been added up are given up.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="input">A batch.</param>
    /// <param name="target">Its targets.</param>
    /// <returns>A list for each parameter.</returns>
    internal static IReadOnlyList<CheckedEntry>[] Entries<T>(Layer<T> network, Loss<T> loss, Tensor<T> input, Tensor<T> target)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var options = new GradientCheckOptions { Samples = int.MaxValue };
        using var state = new CheckedState<T>(network, input);
        return Comparison.Run(new LayerSubject<T>(network, loss, input, target, options.Seed).Create(), options, network.Parameters.Count);
    }

    /// <summary>Checks one entry of a network's parameter or input: a few forward passes, one backward pass.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="network">The network. Values come back bit for bit; gradients that had been added up are given up.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="input">A batch. Its values come back bit for bit.</param>
    /// <param name="target">Its targets.</param>
    /// <param name="parameter">The name of a parameter, e.g. <c>layer1.weight</c>, or <c>input</c>.</param>
    /// <param name="index">The entry.</param>
    /// <param name="options">Step, tolerance and seed.</param>
    /// <exception cref="ArgumentException">There is no such parameter or entry, or a shape does not fit.</exception>
    public static CheckedEntry Entry<T>(
        Layer<T> network, Loss<T> loss, Tensor<T> input, Tensor<T> target, string parameter, ReadOnlySpan<int> index, GradientCheckOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        options ??= new GradientCheckOptions();
        using var state = new CheckedState<T>(network, input);
        var subject = new LayerSubject<T>(network, loss, input, target, options.Seed);
        (int tensor, int entry) = subject.Find(parameter, index);
        return Comparison.Entry(subject.Create(), tensor, entry, options);
    }
}
