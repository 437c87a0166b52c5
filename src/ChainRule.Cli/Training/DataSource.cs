using System.Numerics;
using ChainRule.Data;
using ChainRule.Data.Digits;
using ChainRule.Random;
using ChainRule.Training;

namespace ChainRule.Cli.Training;

/// <summary>The data that the command line names.</summary>
internal static class DataSource
{
    /// <summary>Opens a data set.</summary>
    /// <param name="name">A toy set or digits.</param>
    /// <param name="samples">The samples of a toy set; null for its usual number.</param>
    /// <param name="noise">The noise of a toy set; null for its usual one.</param>
    /// <param name="seed">The seed of a toy set.</param>
    /// <exception cref="CommandException">There is no such data, or it takes no such settings.</exception>
    public static DataSet<T> Open<T>(string name, int? samples, double? noise, uint seed)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (name == "digits")
        {
            return samples is null && noise is null
                ? HandwrittenDigits.Load<T>()
                : throw new CommandException("digits are what they are: --samples and --noise are for toy sets.");
        }

        if (!ToyData.Names.Contains(name))
        {
            throw new CommandException($"DATA: expected {string.Join(", ", ToyData.Names)} or digits, got '{name}'.");
        }

        bool isXor = name == "xor"; // the four samples of the lesson
        return ToyData.Create<T>(name, samples ?? (isXor ? 4 : 200), noise ?? (isXor ? 0 : 0.1), new NumPyRandom(seed));
    }
}
