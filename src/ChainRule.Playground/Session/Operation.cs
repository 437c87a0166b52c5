namespace ChainRule.Playground.Session;

/// <summary>One operation of a training step.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Layer">The layer that does it, from 0; −1 for the loss.</param>
public readonly record struct Operation(OperationKind Kind, int Layer);

/// <summary>The operations that a training step is made of.</summary>
public enum OperationKind
{
    /// <summary>A layer computes its output.</summary>
    Forward,

    /// <summary>The loss is computed.</summary>
    Loss,

    /// <summary>The loss says how it changes with each prediction.</summary>
    LossGradient,

    /// <summary>A layer takes the gradient of its output to its input and to its parameters.</summary>
    Backward,

    /// <summary>The parameters of a layer move against their gradients.</summary>
    Update,
}

/// <summary>How far one press of the step button goes.</summary>
public enum Grain
{
    /// <summary>One operation.</summary>
    Operation,

    /// <summary>One layer of neurons, forward or backward.</summary>
    Layer,

    /// <summary>To the prediction.</summary>
    Forward,

    /// <summary>To the loss.</summary>
    Loss,

    /// <summary>Until every gradient is known.</summary>
    Backward,

    /// <summary>Until the parameters have moved: one batch.</summary>
    Batch,

    /// <summary>Until every sample has been used.</summary>
    Epoch,
}

/// <summary>The operations of one training step in their order, and where each grain stops.</summary>
public sealed class StepPlan
{
    private readonly Operation[] operations;
    private readonly bool[] hasParameters;

    /// <summary>Lays out the step of a network.</summary>
    /// <param name="hasParameters">For each layer whether it has parameters.</param>
    public StepPlan(IReadOnlyList<bool> hasParameters)
    {
        ArgumentNullException.ThrowIfNull(hasParameters);
        this.hasParameters = [.. hasParameters];
        int count = hasParameters.Count;
        operations =
        [
            .. Enumerable.Range(0, count).Select(layer => new Operation(OperationKind.Forward, layer)),
            new Operation(OperationKind.Loss, -1),
            new Operation(OperationKind.LossGradient, -1),
            .. Enumerable.Range(0, count).Reverse().Select(layer => new Operation(OperationKind.Backward, layer)),
            .. Enumerable.Range(0, count).Where(layer => hasParameters[layer]).Select(layer => new Operation(OperationKind.Update, layer)),
        ];
    }

    /// <summary>The operations.</summary>
    public IReadOnlyList<Operation> Operations => operations;

    /// <summary>How many operations are done when a grain that starts after <paramref name="done"/> operations stops; all of them end the step.</summary>
    /// <param name="done">The operations that are done, fewer than all.</param>
    /// <param name="grain">The grain; an epoch stops where a batch does.</param>
    public int Next(int done, Grain grain)
    {
        int next = done + 1;
        while (next < operations.Length && !StopsAfter(next, grain))
        {
            next++;
        }

        return next;
    }

    /// <summary>Where the grain before stopped; 0 is the start of the step.</summary>
    /// <param name="done">The operations that are done, more than none.</param>
    /// <param name="grain">The grain.</param>
    public int Previous(int done, Grain grain)
    {
        int previous = done - 1;
        while (previous > 0 && !StopsAfter(previous, grain))
        {
            previous--;
        }

        return previous;
    }

    /// <summary>Whether an operation is among those that are done; where none is, the step is shown whole.</summary>
    /// <param name="kind">What is done.</param>
    /// <param name="layer">The layer; −1 for the loss.</param>
    /// <param name="done">The operations that are done.</param>
    public bool IsDone(OperationKind kind, int layer, int done) =>
        done == 0 ? kind != OperationKind.Update : Array.IndexOf(operations, new Operation(kind, layer)) < done;

    private bool StopsAfter(int done, Grain grain)
    {
        Operation last = operations[done - 1];
        Operation next = operations[done];
        return grain switch
        {
            Grain.Operation => true,
            Grain.Layer => last.Kind != next.Kind ? !(last.Kind == OperationKind.Loss && next.Kind == OperationKind.LossGradient) : StartsLayer(last, next),
            Grain.Forward => last.Kind == OperationKind.Forward && next.Kind == OperationKind.Loss,
            Grain.Loss => last.Kind == OperationKind.Loss,
            Grain.Backward => last.Kind == OperationKind.Backward && next.Kind == OperationKind.Update,
            _ => false,
        };
    }

    /// <summary>A layer of neurons is a layer with parameters and the activations behind it.</summary>
    private bool StartsLayer(Operation last, Operation next) => last.Kind switch
    {
        OperationKind.Forward => hasParameters[next.Layer],
        OperationKind.Backward => hasParameters[last.Layer],
        _ => true,
    };
}
