using System.Numerics.Tensors;
using System.Text;
using ChainRule.Cli.Output;
using ChainRule.Cli.Training;
using ChainRule.Explanation;
using ChainRule.Lessons.Explanation;
using ChainRule.Lessons.Text;
using ChainRule.Serialization;
using ChainRule.Verification;
using Spectre.Console;

namespace ChainRule.Cli.Explaining;

/// <summary>Explains one weight, or the whole pass, and shows it.</summary>
internal sealed record ExplainRun
{
    public required TrainSettings Settings { get; init; }

    /// <summary>A trained model; null for a new network.</summary>
    public required string? ModelFile { get; init; }

    public required int AfterEpochs { get; init; }

    /// <summary>The sample's number in the data; null for the first of them as one batch.</summary>
    public required int? Sample { get; init; }

    /// <summary>The weight, bias or input; null for the whole pass.</summary>
    public required string? Weight { get; init; }

    public required ExplanationFormat Format { get; init; }

    /// <summary>Where it is written to; null for standard output.</summary>
    public required string? File { get; init; }

    public required int MaximumPaths { get; init; }

    public required Language Language { get; init; }

    /// <summary>Explains and shows.</summary>
    /// <returns>The exit code: a derivative whose opinions differ is a failure.</returns>
    public int Show(CommandOutput output, CancellationToken cancellationToken)
    {
        Explainer<double> explainer = Open(output, cancellationToken);
        Derivation? derivation = Weight is null ? null : Explain(explainer, Weight);
        var view = derivation is null ? ExplanationView.Of(explainer.Pass, Settings.Data.Name, Language) : ExplanationView.Of(derivation, Settings.Data.Name, Language);
        string text = Render(view, File is null ? output.TerminalWidth : int.MaxValue);
        if (File is not null)
        {
            byte[] content = Encoding.UTF8.GetBytes(text);
            AtomicFile.Write(File, stream => stream.Write(content));
            output.People.WriteLine($"Saved: {File}");
        }
        else
        {
            output.People.Profile.Out.Writer.Write(text); // as it is: a console would break long lines
        }

        if (derivation is null)
        {
            output.WriteJson(new PassDocument(explainer.Pass), ExplainJsonContext.Default.PassDocument);
            return ExitCode.Done;
        }

        output.WriteJson(new DerivationDocument(derivation), ExplainJsonContext.Default.DerivationDocument);
        return derivation.Opinions.Verdict == GradientVerdict.Fail
            ? CommandLine.Fail($"The opinions on the gradient of {derivation.Target.Name} differ: by hand {derivation.Opinions.ByHand:R}, autodiff {derivation.Opinions.Autodiff:R}, numeric {derivation.Opinions.Numeric:R}.", ExitCode.Failed)
            : ExitCode.Done;
    }

    private Explainer<double> Open(CommandOutput output, CancellationToken cancellationToken)
    {
        var batch = NetworkBatch<double>.Open(Settings, ModelFile, output, cancellationToken);
        if (AfterEpochs > 0)
        {
            batch.Train(Settings, AfterEpochs, cancellationToken);
        }

        if (Sample is not { } sample)
        {
            return new Explainer<double>(batch.Network, batch.Loss, batch.Inputs, batch.Targets, new ExplainerOptions { MaximumPaths = MaximumPaths });
        }

        nint samples = batch.All.Inputs.Lengths[0];
        return sample < samples
            ? new Explainer<double>(batch.Network, batch.Loss, Row(batch.All.Inputs, sample), Row(batch.All.Targets, sample), new ExplainerOptions { MaximumPaths = MaximumPaths, SampleNumbers = [sample] })
            : throw new CommandException($"--sample: '{Settings.Data.Name}' has {samples} samples: expected a number from 0 to {samples - 1}, got {sample}.");
    }

    private static Derivation Explain(Explainer<double> explainer, string weight)
    {
        try
        {
            return explainer.Explain(weight);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new CommandException($"--weight: {exception.Message.Replace(" (Parameter 'tensor')", "", StringComparison.Ordinal)}");
        }
    }

    private string Render(ExplanationView view, int width) => Format switch
    {
        ExplanationFormat.Markdown => MarkdownExplanation.Render(view),
        ExplanationFormat.Mathml => MathMlExplanation.Render(view),
        ExplanationFormat.Mermaid => MermaidExplanation.Render(view),
        ExplanationFormat.Dot => DotExplanation.Render(view),
        ExplanationFormat.Svg => NetworkPicture.Render(view),
        _ => PlainExplanation.Render(view, width),
    };

    private static Tensor<double> Row(Tensor<double> tensor, int row)
    {
        double[] values = tensor.ToArray();
        int length = values.Length / (int)tensor.Lengths[0];
        nint[] lengths = tensor.Lengths.ToArray();
        lengths[0] = 1;
        return Tensor.Create(values[(row * length)..((row + 1) * length)], lengths);
    }
}
