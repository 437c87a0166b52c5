using System.Numerics;
using System.Text;
using ChainRule.Serialization;
using ChainRule.Training;

namespace ChainRule.CodeExport;

/// <summary>Writes a trained model as the source of a program that computes the same outputs.</summary>
public static class ProgramFile
{
    /// <summary>Up to so many numbers stand in the program itself; more would bury it, and are written to a file beside it.</summary>
    public const int MostInlineNumbers = 4096;

    /// <summary>The source of the program, with the weights in it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="language">The language.</param>
    /// <exception cref="NotSupportedException">The network has a layer that the language has no counterpart for.</exception>
    public static string Text<T>(TrainedModel<T> model, ProgramLanguage language)
        where T : unmanaged, IFloatingPointIeee754<T> => Text(model, language, weightsFile: null);

    /// <summary>
    /// Writes the program, whole or not at all. The weights of a large network go first into a safetensors file beside it, called
    /// as the program with the ending <c>.weights.safetensors</c>.
    /// </summary>
    /// <param name="path">The program.</param>
    /// <param name="model">The model.</param>
    /// <param name="language">The language.</param>
    /// <returns>The files that were written: the program and, where there is one, the file of its weights.</returns>
    /// <exception cref="NotSupportedException">The network has a layer that the language has no counterpart for; nothing is written.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Write<T>(string path, TrainedModel<T> model, ProgramLanguage language)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(model);
        long numbers = model.Network.Parameters.Sum(parameter => (long)parameter.Value.FlattenedLength);
        string? weights = numbers > MostInlineNumbers ? Path.ChangeExtension(path, ".weights.safetensors") : null;
        byte[] program = Encoding.UTF8.GetBytes(Text(model, language, weights is null ? null : Path.GetFileName(weights)));
        if (weights is not null)
        {
            ModelFile.Write(weights, model);
        }

        AtomicFile.Write(path, stream => stream.Write(program));
        return weights is null ? [path] : [path, weights];
    }

    private static string Text<T>(TrainedModel<T> model, ProgramLanguage language, string? weightsFile)
        where T : unmanaged, IFloatingPointIeee754<T> => language switch
        {
            ProgramLanguage.PyTorch => PyTorchProgram.Text(model, weightsFile),
            ProgramLanguage.CSharp => CSharpProgram.Text(model, weightsFile),
            _ => throw new ArgumentOutOfRangeException(nameof(language), language, "Expected PyTorch or CSharp."),
        };
}
