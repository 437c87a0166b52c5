using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule.Playground.Session;

/// <summary>A run at the start of one step: all that is needed to go on from there with the same bits.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class Moment<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The steps that are done.</summary>
    public required int Step { get; init; }

    /// <summary>The epoch that the step belongs to, from 0.</summary>
    public required int Epoch { get; init; }

    /// <summary>The batch that it takes.</summary>
    public required int Batch { get; init; }

    /// <summary>The sum of the losses of this epoch's samples so far.</summary>
    public required double LossSum { get; init; }

    /// <summary>The mean loss of the last epoch that was finished; not a number where none was.</summary>
    public required double FinishedLoss { get; init; }

    /// <summary>How it is trained from here on.</summary>
    public required TrainingSetup Training { get; init; }

    /// <summary>The bug that is planted from here on; null for none.</summary>
    public required string? Bug { get; init; }

    /// <summary>θ of each parameter.</summary>
    public required T[][] Values { get; init; }

    /// <summary>What the optimizer remembers: for each parameter its steps and its tensors.</summary>
    public required (int Steps, T[][] Tensors)[] Memories { get; init; }

    /// <summary>Whether something was changed by hand here, so that it cannot be had by training from before.</summary>
    public required bool IsPinned { get; init; }

    /// <summary>What an optimizer remembers now.</summary>
    public static (int Steps, T[][] Tensors)[] Remember(Optimizer<T> optimizer)
    {
        var memories = new (int, T[][])[optimizer.Parameters.Count];
        for (int i = 0; i < memories.Length; i++)
        {
            OptimizerMemory<T> memory = optimizer.MemoryOf(i);
            var tensors = new T[optimizer.MemoryNames.Count][];
            for (int j = 0; j < tensors.Length; j++)
            {
                tensors[j] = memory[j].ToArray();
            }

            memories[i] = (memory.Steps, tensors);
        }

        return memories;
    }

    /// <summary>Gives it back to an optimizer of the same kind.</summary>
    public static void Remind(Optimizer<T> optimizer, (int Steps, T[][] Tensors)[] memories)
    {
        for (int i = 0; i < memories.Length; i++)
        {
            OptimizerMemory<T> memory = optimizer.MemoryOf(i);
            memory.Steps = memories[i].Steps;
            for (int j = 0; j < memories[i].Tensors.Length; j++)
            {
                memories[i].Tensors[j].CopyTo(memory[j]);
            }
        }
    }

    /// <summary>θ of each parameter now.</summary>
    public static T[][] Copy(IReadOnlyList<Parameter<T>> parameters)
    {
        var values = new T[parameters.Count][];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = parameters[i].Value.AsSpan().ToArray();
        }

        return values;
    }

    /// <summary>Puts them back.</summary>
    public static void Paste(T[][] values, IReadOnlyList<Parameter<T>> parameters)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i].CopyTo(parameters[i].Value.AsSpan());
        }
    }
}
