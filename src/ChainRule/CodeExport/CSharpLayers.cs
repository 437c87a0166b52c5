using System.Numerics;
using ChainRule.Layers;

namespace ChainRule.CodeExport;

/// <summary>Layers as the C# expressions that make them. A new layer is one line.</summary>
internal static class CSharpLayers
{
    /// <summary>The expression that makes a layer; where it draws first weights it takes them from <c>random</c>.</summary>
    /// <exception cref="NotSupportedException">There is none for this kind of layer.</exception>
    public static string Expression<T>(Layer<T> layer)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        string type = $"{layer.Kind}<{(typeof(T) == typeof(float) ? "float" : "double")}>";
        return layer switch
        {
            Sequential<T> sequential => Nested(type, "", sequential.Layers),
            Residual<T> residual => Nested(type, "", residual.Body.Layers),
            Concatenate<T> concatenate => Nested(type, $"{concatenate.Dimension}", concatenate.Children),
            Linear<T> linear => $"new {type}({linear.Inputs}, {linear.Outputs}, random{Bias(linear.Bias)})",
            LeakyReLU<T> leaky => $"new {type}({SourceWriter.Number(leaky.NegativeSlope)})",
            Elu<T> elu => $"new {type}({SourceWriter.Number(elu.Alpha)})",
            Hardtanh<T> hardtanh => $"new {type}({SourceWriter.Number(hardtanh.Low)}, {SourceWriter.Number(hardtanh.High)})",
            Gelu<T> gelu => $"new {type}(GeluForm.{gelu.Form})",
            Dropout<T> dropout => $"new {type}({SourceWriter.Number(dropout.Probability)}, random)",
            Conv2d<T> convolution => $"new {type}({convolution.Inputs}, {convolution.Outputs}, {Pair(convolution.Kernel)}, random, stride: {Pair(convolution.Stride)}, padding: {Pair(convolution.Padding)}, dilation: {Pair(convolution.Dilation)}, groups: {convolution.Groups}{Bias(convolution.Bias)})",
            MaxPool2d<T> pool => $"new {type}({Pair(pool.Kernel)}, stride: {Pair(pool.Stride)}, padding: {Pair(pool.Padding)}, dilation: {Pair(pool.Dilation)})",
            AveragePool2d<T> pool => $"new {type}({Pair(pool.Kernel)}, stride: {Pair(pool.Stride)}, padding: {Pair(pool.Padding)}, countsPadding: {Flag(pool.CountsPadding)})",
            BatchNorm<T> norm => $"new {type}({norm.Channels}, {SourceWriter.Number(norm.Epsilon)}, {SourceWriter.Number(norm.Momentum)}, affine: {Flag(norm.IsAffine)}, tracksStatistics: {Flag(norm.TracksStatistics)})",
            LayerNorm<T> norm => $"new {type}([{string.Join(", ", norm.NormalizedShape)}], {SourceWriter.Number(norm.Epsilon)}, affine: {Flag(norm.IsAffine)})",
            RmsNorm<T> norm => $"new {type}([{string.Join(", ", norm.NormalizedShape)}], {SourceWriter.Number(norm.Epsilon)}, affine: {Flag(norm.IsAffine)})",
            Reshape<T> reshape => $"new {type}({string.Join(", ", reshape.SampleShape)})",
            Transpose<T> transpose => $"new {type}({string.Join(", ", transpose.Order)})",
            Embedding<T> embedding => $"new {type}({embedding.Entries}, {embedding.Dimension}, random)",
            PositionEmbedding<T> positions => $"new {type}({positions.Length}, {positions.Dimension}, random)",
            MultiHeadAttention<T> attention => $"new {type}({attention.Dimension}, {attention.Heads}, random, isCausal: {Flag(attention.IsCausal)}{Bias(attention.InputBias)})",
            RecurrentLayer<T> recurrent => $"new {type}({recurrent.Inputs}, {recurrent.Hidden}, random, lastOnly: {Flag(recurrent.LastOnly)}{Bias(recurrent.InputBias)})",
            ReLU<T> or LogSoftmax<T> or Sigmoid<T> or Tanh<T> or Softplus<T> or Silu<T> or Softmax<T> or Flatten<T> => $"new {type}()",
            _ => throw new NotSupportedException($"{layer} cannot be written as C# code: there is no expression for this kind of layer."),
        };
    }

    /// <summary>A layer that is made of others.</summary>
    private static string Nested<T>(string type, string first, IEnumerable<Layer<T>> layers)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        $"new {type}(\n{(first.Length > 0 ? $"    {first},\n" : "")}{string.Join(",\n", layers.Select(layer => $"    {Expression(layer).Replace("\n", "\n    ", StringComparison.Ordinal)}"))})";

    private static string Pair(Extent extent) => $"new Extent({extent.Height}, {extent.Width})";

    private static string Flag(bool value) => value ? "true" : "false";

    private static string Bias<T>(Parameter<T>? bias)
        where T : unmanaged, IFloatingPointIeee754<T> => bias is null ? ", hasBias: false" : "";
}
