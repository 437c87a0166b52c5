using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using ChainRule.CodeExport;
using ChainRule.Layers;
using ChainRule.Random;
using ChainRule.Training;
using Xunit;

namespace ChainRule.Tests.CodeExport;

/// <summary>The programs that we write for PyTorch compute there what our layers compute. All of them run in one Python, which takes seconds to start.</summary>
public sealed class PyTorchProgramTests(PyTorchProgramTests.Programs programs) : IClassFixture<PyTorchProgramTests.Programs>
{
    public static TheoryData<string> Cases => [.. ExportCase.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_program_gives_the_outputs_of_the_engine(string name) => ExportCase.Create(name).AssertSame(programs.Outputs(name));

    [Fact]
    public void A_large_network_reads_its_weights_from_a_file_beside_the_program() => Programs.Large.AssertSame(programs.Outputs(Programs.LargeName));

    [Fact]
    public void A_layer_of_ones_own_is_refused_by_name()
    {
        var model = new TrainedModel<float>(new Sequential<float>(new Doubling()), Objective.ForValues(1), null, [], []);
        foreach (ProgramLanguage language in Enum.GetValues<ProgramLanguage>())
        {
            Assert.Contains("Doubling", Assert.Throws<NotSupportedException>(() => ProgramFile.Text(model, language)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Numbers_that_are_none_are_refused()
    {
        var model = new TrainedModel<float>(new Sequential<float>(new Linear<float>(1, 1, new NumPyRandom(1))), Objective.ForValues(1), null, [], []);
        model.Network.Parameters[0].Value[0, 0] = float.NaN;
        foreach (ProgramLanguage language in Enum.GetValues<ProgramLanguage>())
        {
            Assert.Contains("NaN", Assert.Throws<NotSupportedException>(() => ProgramFile.Text(model, language)).Message, StringComparison.Ordinal);
        }
    }

    private sealed class Doubling : BufferedLayer<float>
    {
        protected override void Forward(ReadOnlySpan<float> input, Span<float> output) => System.Numerics.Tensors.TensorPrimitives.Multiply(input, 2, output);

        protected override void Backward(ReadOnlySpan<float> outputGradient, Span<float> inputGradient) => System.Numerics.Tensors.TensorPrimitives.Multiply(outputGradient, 2, inputGradient);
    }

    /// <summary>All programs, written and run once.</summary>
    public sealed class Programs : IDisposable
    {
        internal const string LargeName = "a large network";

        // Imports every program and prints the outputs for the input beside it.
        private const string Runner = """
            import importlib, json, pathlib, sys
            import torch

            results = []
            for number in range(int(sys.argv[1])):
                program = importlib.import_module(f"program{number}")
                input = json.loads(pathlib.Path(__file__).with_name(f"input{number}.json").read_text())
                x = torch.tensor(input["values"], dtype=program.TYPE).reshape(input["shape"])
                results.append(program.predict(x).flatten().tolist())
            print(json.dumps(results))
            """;

        private readonly string folder = Directory.CreateTempSubdirectory("programs-").FullName;
        private readonly List<string> names = [.. ExportCase.Names, LargeName];
        private readonly float[][] outputs = [];
        private readonly string? missing;

        public Programs()
        {
            for (int i = 0; i < names.Count; i++)
            {
                ExportCase test = names[i] == LargeName ? Large : ExportCase.Create(names[i]);
                IReadOnlyList<string> files = ProgramFile.Write(Path.Combine(folder, $"program{i}.py"), test.Model, ProgramLanguage.PyTorch);
                Assert.Equal(names[i] == LargeName ? 2 : 1, files.Count);
                string input = $$"""{"shape":[{{string.Join(',', test.Input.Lengths.ToArray())}}],"values":[{{string.Join(',', test.Input.Select(value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)))}}]}""";
                File.WriteAllText(Path.Combine(folder, $"input{i}.json"), input);
            }

            File.WriteAllText(Path.Combine(folder, "run.py"), Runner);
            try
            {
                using Process process = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["run.py", $"{names.Count}"])
                {
                    WorkingDirectory = folder,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                })!;
                Task<string> error = process.StandardError.ReadToEndAsync();
                string output = process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                string problem = error.GetAwaiter().GetResult();
                missing = problem.Contains("No module named 'torch'", StringComparison.Ordinal) ? "/usr/bin/python3 has no torch: install Debian's python3-torch." : null;
                Assert.True(process.ExitCode == 0 || missing is not null, problem);
                outputs = process.ExitCode == 0 ? JsonSerializer.Deserialize<float[][]>(output)! : [];
            }
            catch (Win32Exception)
            {
                missing = "There is no /usr/bin/python3: install Debian's python3-torch.";
            }
        }

        /// <summary>More numbers than belong into a program.</summary>
        internal static ExportCase Large
        {
            get
            {
                var random = new NumPyRandom(2);
                var model = new TrainedModel<float>(new Sequential<float>(new Linear<float>(70, 70, random), new Sigmoid<float>()), Objective.ForValues(70), null, [], []);
                var x = System.Numerics.Tensors.Tensor.ConvertTruncating<double, float>(random.Randn(2, 70));
                return new ExportCase(model, x, [.. model.Predict(x)]);
            }
        }

        public void Dispose() => Directory.Delete(folder, recursive: true);

        /// <summary>What the program of a name printed; the test is skipped where there is no PyTorch, but not where all must run.</summary>
        internal float[] Outputs(string name)
        {
            Assert.SkipWhen(missing is not null && Environment.GetEnvironmentVariable("CI") != "true", missing ?? "");
            Assert.Null(missing);
            return outputs[names.IndexOf(name)];
        }
    }
}
