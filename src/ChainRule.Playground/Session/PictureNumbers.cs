namespace ChainRule.Playground.Session;

/// <summary>What the edges and neurons of the picture show.</summary>
public enum ViewMode
{
    /// <summary>Weights and outputs.</summary>
    Values,

    /// <summary>∂L/∂ of them.</summary>
    Gradients,

    /// <summary>How far the step moves the weights; of neurons the gradients, which do it.</summary>
    Updates,
}

/// <summary>The numbers of a picture of the network. What is not known yet inside a step is not a number.</summary>
/// <param name="Edges">For each layer of neurons its weights, row by row, and its biases.</param>
/// <param name="Neurons">For the sample that is shown the inputs, and the neurons layer by layer.</param>
/// <param name="EdgeScale">The size of the largest edge; 1 where all are 0.</param>
public sealed record PictureNumbers(double[] Edges, double[] Neurons, double EdgeScale)
{
    /// <summary>Collects the numbers of a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="mode">What is shown.</param>
    /// <param name="sample">The position in the batch of the sample that is shown.</param>
    public static PictureNumbers Of(PlaygroundSession session, ViewMode mode, int sample)
    {
        ArgumentNullException.ThrowIfNull(session);
        TrainingRun run = session.Run;
        Pass pass = run.Pass;
        var edges = new List<double>();
        var neurons = new List<double>();
        sample = Math.Min(sample, pass.Samples - 1);
        bool Done(OperationKind kind, int layer) => run.Plan.IsDone(kind, layer, session.Done);

        // The input's gradient is what the first layer's backward pass gives.
        Take(mode == ViewMode.Values ? pass.Inputs : pass.InputGradients, pass.Features, mode == ViewMode.Values || Done(OperationKind.Backward, 0));
        foreach (NeuronLayer layer in run.NeuronLayers)
        {
            PassLayer linear = pass.Layers[layer.Linear];
            foreach (PassParameter parameter in linear.Parameters)
            {
                switch (mode)
                {
                    case ViewMode.Values:
                        edges.AddRange(Done(OperationKind.Update, layer.Linear) ? parameter.Updated : parameter.Values);
                        break;
                    case ViewMode.Gradients:
                        edges.AddRange(Done(OperationKind.Backward, layer.Linear) ? parameter.Gradients : Unknown(parameter.Values.Count));
                        break;
                    default:
                        edges.AddRange(Done(OperationKind.Backward, layer.Linear) ? parameter.Updated.Zip(parameter.Values, (after, before) => after - before) : Unknown(parameter.Values.Count));
                        break;
                }
            }

            PassLayer output = pass.Layers[layer.Output];
            bool isLast = layer.Output == pass.Layers.Count - 1;
            bool isKnown = mode == ViewMode.Values ? Done(OperationKind.Forward, layer.Output)
                : isLast ? Done(OperationKind.LossGradient, -1)
                : Done(OperationKind.Backward, layer.Output + 1);
            Take(mode == ViewMode.Values ? output.Values : output.Gradients, output.Units, isKnown);
        }

        double scale = edges.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        return new PictureNumbers([.. edges], [.. neurons], scale > 0 ? scale : 1);

        void Take(IReadOnlyList<double> values, int units, bool isKnown) =>
            neurons.AddRange(Enumerable.Range(sample * units, units).Select(i => isKnown ? values[i] : double.NaN));

        static IEnumerable<double> Unknown(int count) => Enumerable.Repeat(double.NaN, count);
    }
}
