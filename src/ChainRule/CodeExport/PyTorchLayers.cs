using System.Numerics;
using ChainRule.Layers;

namespace ChainRule.CodeExport;

/// <summary>
/// Layers as PyTorch modules. A new layer is one line in <see cref="Module"/>; where PyTorch has no module of that kind, a class
/// of a few lines stands in <see cref="PyTorchClasses"/>, and the program gets it when it needs it.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class PyTorchLayers<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly List<string> classes = [];

    /// <summary>The source of the classes that the modules so far need, in the order in which they were needed.</summary>
    public IReadOnlyList<string> Classes => classes;

    /// <summary>The expression that makes the module of a layer.</summary>
    /// <exception cref="NotSupportedException">There is none for this kind of layer.</exception>
    public string Module(Layer<T> layer) => layer switch
    {
        Sequential<T> sequential => Nested("nn.Sequential", "", sequential.Layers),
        Residual<T> residual => Nested(Own(PyTorchClasses.Residual), "", residual.Body.Layers),
        Concatenate<T> concatenate => Nested(Own(PyTorchClasses.Concatenate), $"{concatenate.Dimension}", concatenate.Children),
        Linear<T> linear => $"nn.Linear({linear.Inputs}, {linear.Outputs}{Bias(linear.Bias)})",
        ReLU<T> => "nn.ReLU()",
        LeakyReLU<T> leaky => $"nn.LeakyReLU({Number(leaky.NegativeSlope)})",
        Elu<T> elu => $"nn.ELU({Number(elu.Alpha)})",
        Hardtanh<T> hardtanh => $"nn.Hardtanh({Number(hardtanh.Low)}, {Number(hardtanh.High)})",
        Sigmoid<T> => "nn.Sigmoid()",
        Tanh<T> => "nn.Tanh()",
        Softplus<T> => "nn.Softplus()",
        Gelu<T> gelu => gelu.Form == GeluForm.Tanh ? "nn.GELU(approximate=\"tanh\")" : "nn.GELU()",
        Silu<T> => "nn.SiLU()",
        Softmax<T> => "nn.Softmax(dim=-1)",
        LogSoftmax<T> => "nn.LogSoftmax(dim=-1)",
        Flatten<T> => "nn.Flatten()",
        Reshape<T> reshape => $"{Own(PyTorchClasses.Reshape)}({string.Join(", ", reshape.SampleShape)})",
        Transpose<T> transpose => $"{Own(PyTorchClasses.Permute)}({string.Join(", ", transpose.Order)})",
        Dropout<T> dropout => $"nn.Dropout({Number(dropout.Probability)})",
        Conv2d<T> convolution => $"nn.Conv2d({convolution.Inputs}, {convolution.Outputs}, kernel_size={Pair(convolution.Kernel)}, stride={Pair(convolution.Stride)}, padding={Pair(convolution.Padding)}, dilation={Pair(convolution.Dilation)}, groups={convolution.Groups}{Bias(convolution.Bias)})",
        MaxPool2d<T> pool => $"nn.MaxPool2d({Pair(pool.Kernel)}, stride={Pair(pool.Stride)}, padding={Pair(pool.Padding)}, dilation={Pair(pool.Dilation)})",
        AveragePool2d<T> pool => $"nn.AvgPool2d({Pair(pool.Kernel)}, stride={Pair(pool.Stride)}, padding={Pair(pool.Padding)}, count_include_pad={Flag(pool.CountsPadding)})",
        BatchNorm<T> norm => $"nn.{norm.Kind}({norm.Channels}, eps={Number(norm.Epsilon)}, momentum={Number(norm.Momentum)}, affine={Flag(norm.IsAffine)}, track_running_stats={Flag(norm.TracksStatistics)})",
        LayerNorm<T> norm => $"nn.LayerNorm([{string.Join(", ", norm.NormalizedShape)}], eps={Number(norm.Epsilon)}, elementwise_affine={Flag(norm.IsAffine)})",
        RmsNorm<T> norm => $"{Own(PyTorchClasses.RmsNorm)}([{string.Join(", ", norm.NormalizedShape)}], eps={Number(norm.Epsilon)}, affine={Flag(norm.IsAffine)})",
        Embedding<T> embedding => $"{Own(PyTorchClasses.Lookup)}({embedding.Entries}, {embedding.Dimension})",
        PositionEmbedding<T> positions => $"{Own(PyTorchClasses.Positions)}({positions.Length}, {positions.Dimension})",
        MultiHeadAttention<T> attention => $"{Own(attention.IsCausal ? PyTorchClasses.CausalAttention : PyTorchClasses.SelfAttention)}({attention.Dimension}, {attention.Heads}{Bias(attention.InputBias)}, batch_first=True)",
        Lstm<T> lstm => $"{Own(lstm.LastOnly ? PyTorchClasses.LastOfLstm : PyTorchClasses.AllOfLstm)}({lstm.Inputs}, {lstm.Hidden}{Bias(lstm.InputBias)}, batch_first=True)",
        Gru<T> gru => $"{Own(gru.LastOnly ? PyTorchClasses.LastOfGru : PyTorchClasses.AllOfGru)}({gru.Inputs}, {gru.Hidden}{Bias(gru.InputBias)}, batch_first=True)",
        _ => throw new NotSupportedException($"{layer} cannot be written as PyTorch code: there is no module for this kind of layer."),
    };

    /// <summary>A module that is made of others.</summary>
    private string Nested(string name, string first, IEnumerable<Layer<T>> layers) =>
        $"{name}(\n{(first.Length > 0 ? $"    {first},\n" : "")}{string.Concat(layers.Select(layer => $"    {Module(layer).Replace("\n", "\n    ", StringComparison.Ordinal)},\n"))})";

    /// <summary>The name of a class of our own, which the program then has.</summary>
    private string Own(PyTorchClass own)
    {
        if (!classes.Contains(own.Source))
        {
            classes.Add(own.Source);
        }

        return own.Name;
    }

    private static string Number(double value) => SourceWriter.Number(value);

    private static string Flag(bool value) => value ? "True" : "False";

    private static string Pair(Extent extent) => $"({extent.Height}, {extent.Width})";

    private static string Bias(Parameter<T>? bias) => bias is null ? ", bias=False" : "";
}
