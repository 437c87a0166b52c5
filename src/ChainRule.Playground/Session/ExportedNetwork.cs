using System.Numerics;
using ChainRule.CodeExport;
using ChainRule.Kernels;
using ChainRule.Serialization;
using ChainRule.Training;

namespace ChainRule.Playground.Session;

/// <summary>The network of a run, taken out of it: as a model, as files, as programs. The run stays as it is.</summary>
internal static class ExportedNetwork
{
    /// <summary>A copy with the values of the next step's start.</summary>
    public static Sequential<T> Copy<T>(TrainingRun run)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Sequential<T> network = NetworkFactory.Network<T>(run.Setup, run.Samples.Train.Features);
        foreach ((Parameter<T> parameter, double[] values) in network.Parameters.Zip(run.Save().Values))
        {
            Span<T> to = parameter.Value.AsSpan();
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = T.CreateTruncating(values[i]);
            }
        }

        return network;
    }

    /// <summary>The bytes of a model file, as chainrule predict and PyTorch read it.</summary>
    public static byte[] SafeTensors(TrainingRun run) => Written(path => With(run, model => ModelFile.Write(path, model), model => ModelFile.Write(path, model)));

    /// <summary>The bytes of an npz file, as NumPy reads it.</summary>
    public static byte[] Npz(TrainingRun run) => Written(path => With(run, model => WriteNpz(path, model), model => WriteNpz(path, model)));

    /// <summary>The source of a program that computes the same.</summary>
    public static string Program(TrainingRun run, ProgramLanguage language)
    {
        string text = "";
        With(run, model => text = ProgramFile.Text(model, language), model => text = ProgramFile.Text(model, language));
        return text;
    }

    /// <summary>Hands the model over in the run's precision.</summary>
    private static void With(TrainingRun run, Action<TrainedModel<float>> single, Action<TrainedModel<double>> wide)
    {
        if (run.Setup.Training.Precision == Precision.Bits32)
        {
            single(Model<float>(run));
        }
        else
        {
            wide(Model<double>(run));
        }
    }

    private static TrainedModel<T> Model<T>(TrainingRun run)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new(Copy<T>(run), run.Objective, run.Samples.Normalization, run.Samples.Train.ClassNames, run.Samples.Train.FeatureNames);

    private static void WriteNpz<T>(string path, TrainedModel<T> model)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        NpzFile.Write<T>(path, [.. model.Network.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value))]);

    /// <summary>The content of a file; in the browser it never leaves memory.</summary>
    private static byte[] Written(Action<string> write)
    {
        string path = Path.Combine(Path.GetTempPath(), $"chainrule-{Guid.NewGuid():N}");
        try
        {
            write(path);
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
