using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Layers;
using ChainRule.Verification.Catalogue;

namespace ChainRule.Cli.Checking;

/// <summary>One case of what PyTorch printed, from the fixtures that the tests use too.</summary>
internal sealed class PyTorchCase
{
    // Larger inputs are for the limits of exp and log, where a formula as one writes it on paper overflows: the tests prove those.
    private const double LargestInput = 10;
    private const int LargestCase = 120;

    private readonly JsonElement json;

    private PyTorchCase(JsonElement json)
    {
        this.json = json;
    }

    /// <summary>The cases for layers that a formula on paper covers.</summary>
    public static IReadOnlyList<PyTorchCase> Layers { get; } = Read("layers.json", "input");

    /// <summary>The cases for losses.</summary>
    public static IReadOnlyList<PyTorchCase> Losses { get; } = Read("losses.json", "prediction");

    /// <summary>The layer of this case in the catalogue, with the case's options.</summary>
    public LayerCase Layer
    {
        get
        {
            JsonElement options = json.GetProperty("options");
            string kind = json.GetProperty("layer").GetString()!;
            return kind switch
            {
                "Linear" when options.GetProperty("hasBias").GetBoolean() => new LayerCatalogue.LinearCase("Linear", hasBias: true, (int)Tensor("output").Lengths[1]),
                "Linear" => new LayerCatalogue.LinearCase("Linear without bias", hasBias: false, (int)Tensor("output").Lengths[1]),
                "LeakyReLU" => new LayerCatalogue.LeakyReLUCase(options.GetProperty("negativeSlope").GetDouble()),
                "Gelu" => new LayerCatalogue.GeluCase(Enum.Parse<GeluForm>(options.GetProperty("form").GetString()!)),
                "Dropout" => new LayerCatalogue.DropoutCase(options.GetProperty("probability").GetDouble(), options.GetProperty("seed").GetUInt32(), options.GetProperty("training").GetBoolean()),
                _ => LayerCatalogue.Get(kind),
            };
        }
    }

    /// <summary>The loss of this case in the catalogue: by the form of the targets where it takes several.</summary>
    public LossCase Loss
    {
        get
        {
            string kind = json.GetProperty("loss").GetString()!;
            return kind != "SoftmaxCrossEntropy" ? LossCatalogue.Get(kind)
                : LossCatalogue.Get(Tensor("target").Rank == 1 ? $"{kind}, class indices"
                    : Tensor("target").All(y => y is 0 or 1) ? $"{kind}, one-hot"
                    : $"{kind}, probabilities");
        }
    }

    /// <summary>A tensor of the case.</summary>
    public Tensor<double> Tensor(string name) => Tensor(json.GetProperty(name));

    /// <summary>A number of the case.</summary>
    public double Number(string name) => json.GetProperty(name).GetProperty("values")[0].GetDouble();

    /// <summary>A tensor in one of the case's groups.</summary>
    public Tensor<double> Tensor(string group, string name) => Tensor(json.GetProperty(group).GetProperty(name));

    private static Tensor<double> Tensor(JsonElement tensor) => System.Numerics.Tensors.Tensor.Create(
        [.. tensor.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())],
        [.. tensor.GetProperty("shape").EnumerateArray().Select(length => (nint)length.GetInt32())]);

    private static List<PyTorchCase> Read(string file, string input)
    {
        using Stream stream = typeof(PyTorchCase).Assembly.GetManifestResourceStream(file)!;
        using JsonDocument document = JsonDocument.Parse(stream);
        var cases = new List<PyTorchCase>();
        foreach (JsonElement element in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            var read = new PyTorchCase(element.Clone());
            Tensor<double> x = read.Tensor(input);
            bool isProbability = input == "prediction" && element.GetProperty("loss").GetString() == "BinaryCrossEntropy";
            if (x.Rank == 2 && x.FlattenedLength <= LargestCase && x.All(value => Math.Abs(value) <= LargestInput && (!isProbability || value is > 1e-3 and < 1 - 1e-3)) && !element.TryGetProperty("doubleOnly", out _))
            {
                cases.Add(read);
            }
        }

        return cases;
    }
}
