using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Verification.Catalogue;

namespace ChainRule.Cli.Checking;

/// <summary>One case of what PyTorch printed, from the fixtures that the tests use too.</summary>
internal sealed class PyTorchCase
{
    // Larger numbers are for the limits of exp and log, where a formula as one writes it on paper overflows, and for sums that
    // cancel, of which central differences keep no digit: the tests prove those.
    private const double LargestNumber = 10;
    private const int LargestCase = 120;

    private static readonly string[] given = ["input", "prediction", "outputGradient"];

    private readonly JsonElement json;

    private PyTorchCase(JsonElement json)
    {
        this.json = json;
    }

    /// <summary>The cases for layers that a formula on paper covers.</summary>
    public static IReadOnlyList<PyTorchCase> Layers { get; } = Read("layers", "input");

    /// <summary>The cases for losses.</summary>
    public static IReadOnlyList<PyTorchCase> Losses { get; } = Read("losses", "prediction");

    /// <summary>The layer of this case in the catalogue, with the case's options.</summary>
    public LayerCase Layer => LayerCatalogue.OfFixture(json);

    /// <summary>The loss of this case in the catalogue.</summary>
    public LossCase Loss => LossCatalogue.OfFixture(json);

    /// <summary>All numbers that go in: inputs or predictions, parameters, and the gradient from above.</summary>
    private IEnumerable<double> Given =>
    [
        .. given.Where(name => json.TryGetProperty(name, out _)).SelectMany(name => Tensor(name)),
        .. json.TryGetProperty("parameters", out JsonElement parameters) ? parameters.EnumerateObject().SelectMany(parameter => Tensor(parameter.Value)) : [],
    ];

    /// <summary>A tensor of the case.</summary>
    public Tensor<double> Tensor(string name) => Tensor(json.GetProperty(name));

    /// <summary>A number of the case.</summary>
    public double Number(string name) => json.GetProperty(name).GetProperty("values")[0].GetDouble();

    /// <summary>A tensor in one of the case's groups.</summary>
    public Tensor<double> Tensor(string group, string name) => Tensor(json.GetProperty(group).GetProperty(name));

    private static Tensor<double> Tensor(JsonElement tensor) => System.Numerics.Tensors.Tensor.Create(
        [.. tensor.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())],
        [.. tensor.GetProperty("shape").EnumerateArray().Select(length => (nint)length.GetInt32())]);

    /// <summary>The cases of all fixtures whose name begins so.</summary>
    private static List<PyTorchCase> Read(string beginning, string input)
    {
        var cases = new List<PyTorchCase>();
        foreach (string name in typeof(PyTorchCase).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(beginning, StringComparison.Ordinal)))
        {
            using Stream stream = typeof(PyTorchCase).Assembly.GetManifestResourceStream(name)!;
            using JsonDocument document = JsonDocument.Parse(stream);
            foreach (JsonElement element in document.RootElement.GetProperty("cases").EnumerateArray())
            {
                var read = new PyTorchCase(element.Clone());
                Tensor<double> x = read.Tensor(input);
                bool isProbability = input == "prediction" && element.GetProperty("loss").GetString() == "BinaryCrossEntropy";
                if (x.FlattenedLength <= LargestCase && x.All(value => !isProbability || value is > 1e-3 and < 1 - 1e-3) && read.Given.All(value => Math.Abs(value) <= LargestNumber) && !element.TryGetProperty("doubleOnly", out _) && !element.TryGetProperty("cancels", out _))
                {
                    cases.Add(read);
                }
            }
        }

        return cases;
    }
}
