using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Serialization;

namespace ChainRule.Verification;

/// <summary>Copies of networks and losses in another precision: in double central differences see more than in float.</summary>
internal static class PrecisionCopy
{
    /// <summary>The same network with the same values; null where one of its layers is not of this library.</summary>
    public static Layer<TTo>? Of<TFrom, TTo>(Layer<TFrom> layer)
        where TFrom : unmanaged, IFloatingPointIeee754<TFrom>
        where TTo : unmanaged, IFloatingPointIeee754<TTo>
    {
        Layer<TTo> copy;
        try
        {
            copy = Rebuild<TFrom, TTo>(layer);
        }
        catch (NotSupportedException)
        {
            return null;
        }

        for (int i = 0; i < layer.Parameters.Count; i++)
        {
            Of<TFrom, TTo>(layer.Parameters[i].Value).CopyTo(copy.Parameters[i].Value);
        }

        for (int i = 0; i < layer.Statistics.Count; i++)
        {
            Of<TFrom, TTo>(layer.Statistics[i].Value).CopyTo(copy.Statistics[i].Value);
        }

        foreach ((Layer<TFrom> from, Layer<TTo> to) in LayerTree.Of(layer).Zip(LayerTree.Of(copy)))
        {
            to.IsTraining = from.IsTraining;
            if (from is Dropout<TFrom> dropout)
            {
                ((Dropout<TTo>)to).TakeMask(dropout);
            }
        }

        return copy;
    }

    /// <summary>The same loss; null where there is none, or none of this library.</summary>
    public static Loss<TTo>? Of<TFrom, TTo>(Loss<TFrom>? loss)
        where TFrom : unmanaged, IFloatingPointIeee754<TFrom>
        where TTo : unmanaged, IFloatingPointIeee754<TTo> => loss switch
        {
            MeanSquaredError<TFrom> => new MeanSquaredError<TTo>(),
            BinaryCrossEntropy<TFrom> => new BinaryCrossEntropy<TTo>(),
            BinaryCrossEntropyWithLogits<TFrom> => new BinaryCrossEntropyWithLogits<TTo>(),
            MeanAbsoluteError<TFrom> => new MeanAbsoluteError<TTo>(),
            KullbackLeibler<TFrom> => new KullbackLeibler<TTo>(),
            Huber<TFrom> huber => new Huber<TTo>(huber.Delta),
            Hinge<TFrom> hinge => new Hinge<TTo>(hinge.Margin),
            SoftmaxCrossEntropy<TFrom> softmax => new SoftmaxCrossEntropy<TTo>(softmax.LabelSmoothing, softmax.ClassWeights),
            _ => null,
        };

    /// <summary>The same numbers, rounded where the other precision has fewer digits.</summary>
    public static Tensor<TTo> Of<TFrom, TTo>(Tensor<TFrom> tensor)
        where TFrom : unmanaged, IFloatingPointIeee754<TFrom>
        where TTo : unmanaged, IFloatingPointIeee754<TTo> =>
        Tensor.ConvertTruncating<TFrom, TTo>(tensor);

    /// <summary>By way of the format that model files have: it knows every layer and its settings.</summary>
    private static Layer<TTo> Rebuild<TFrom, TTo>(Layer<TFrom> layer)
        where TFrom : unmanaged, IFloatingPointIeee754<TFrom>
        where TTo : unmanaged, IFloatingPointIeee754<TTo>
    {
        if (layer is Sequential<TFrom> sequential)
        {
            return new Sequential<TTo>([.. sequential.Layers.Select(Rebuild<TFrom, TTo>)]);
        }

        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text))
        {
            LayerFormat.Write(writer, layer);
        }

        using var document = JsonDocument.Parse(text.WrittenMemory);
        return LayerFormat.Read<TTo>(document.RootElement, "0", numbers: long.MaxValue); // the layer is there: it does not ask for more than it has
    }
}
