#:project ../src/ChainRule

// A small transformer learns to write, character by character: by default what the sources of this library's layers look like.
//
//     dotnet run -c Release samples/character-transformer.cs
//
// --steps N trains longer or shorter (2000), --text FILE on another text, --threads N with so many threads.
using System.Globalization;
using System.Numerics.Tensors;
using ChainRule;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Optimizers;
using ChainRule.Random;
using ChainRule.Training;

const int Context = 64; // characters that it sees
const int Width = 64;
const int Heads = 4;
const int Blocks = 2;
const int Batch = 32;
const double HeldOut = 0.1; // the end of the text

int steps = int.Parse(Argument("--steps") ?? "2000", CultureInfo.InvariantCulture);
Parallelism.Threads = int.Parse(Argument("--threads") ?? $"{Parallelism.Threads}", CultureInfo.InvariantCulture);
string text = Argument("--text") is { } file
    ? File.ReadAllText(file)
    : string.Concat(Directory.GetFiles(Path.Combine(Here(), "..", "src", "ChainRule", "Layers"), "*.cs").Order(StringComparer.Ordinal).Select(File.ReadAllText));
char[] alphabet = [.. text.Distinct().Order()];
int[] codes = [.. text.Select(letter => Array.BinarySearch(alphabet, letter))];
int split = (int)(codes.Length * (1 - HeldOut));

// Each block adds to every step what attention finds in the steps before it, and then what a small network makes of it.
var random = new NumPyRandom(1);
var layers = new List<Layer<float>> { new Embedding<float>(alphabet.Length, Width, random), new PositionEmbedding<float>(Context, Width, random) };
for (int block = 0; block < Blocks; block++)
{
    layers.Add(new Residual<float>(new LayerNorm<float>([Width]), new MultiHeadAttention<float>(Width, Heads, random, isCausal: true)));
    layers.Add(new Residual<float>(new LayerNorm<float>([Width]), new Linear<float>(Width, 4 * Width, random), new Gelu<float>(), new Linear<float>(4 * Width, Width, random)));
}

layers.Add(new LayerNorm<float>([Width]));
layers.Add(new Linear<float>(Width, alphabet.Length, random));
var network = new Sequential<float>([.. layers]);
var loss = new SoftmaxCrossEntropy<float>();
var optimizer = new AdamW<float>(network.Parameters, learningRate: 3e-3);
Console.WriteLine($"{text.Length} characters, {alphabet.Length} different ones; {network.Parameters.Sum(parameter => parameter.Value.FlattenedLength)} parameters, {Parallelism.Threads} threads");

// Windows of the text, and for each of their characters the one that follows.
Tensor<float> inputs = Tensor.CreateFromShape<float>([Batch, Context]);
Tensor<float> targets = Tensor.CreateFromShape<float>([Batch, Context]);
var schedule = new CosineSchedule(Warmup: 0.05);
int every = Math.Max(1, steps / 20);
double sum = 0;
long start = Environment.TickCount64;
for (int step = 1; step <= steps; step++)
{
    Draw(0, split);
    optimizer.LearningRate = 3e-3 * schedule.Factor(step - 1, steps);
    sum += loss.Forward(network.Forward(inputs), targets);
    network.Backward(loss.Backward());
    GradientNorm.Clip(network.Parameters, 1);
    optimizer.Step();
    if (step % every == 0)
    {
        Draw(split, codes.Length);
        double heldOut = loss.Forward(network.Forward(inputs), targets);
        double mean = sum / every;
        Console.WriteLine($"step {step,5}: loss {mean:F3}, held out {heldOut:F3}  {new string('▇', (int)(mean * 10))}");
        sum = 0;
    }
}

Console.WriteLine($"{steps} steps in {(Environment.TickCount64 - start) / 1000.0:F1} s\n");
Console.WriteLine(Write("/// <summary>", 600));

// Asks for the next character again and again, and draws it by the probabilities.
string Write(string beginning, int length)
{
    const float Sharpness = 1.25f; // above 1: the probable more often
    List<int> written = [.. beginning.Select(letter => Math.Max(0, Array.BinarySearch(alphabet, letter)))];
    while (written.Count < length)
    {
        float[] seen = [.. written.TakeLast(Context).Select(code => (float)code)];
        float[] next = [.. network.Forward(Tensor.Create(seen, [1, seen.Length])).TakeLast(alphabet.Length)];
        float largest = next.Max();
        double[] chances = [.. next.Select(logit => Math.Exp((logit - largest) * Sharpness))];
        double draw = random.Rand() * chances.Sum();
        int code = 0;
        while (code < chances.Length - 1 && (draw -= chances[code]) > 0)
        {
            code++;
        }

        written.Add(code);
    }

    return string.Concat(written.Select(code => alphabet[code]));
}

void Draw(int from, int to)
{
    for (int sequence = 0; sequence < Batch; sequence++)
    {
        int place = (int)random.RandInt(from, to - Context);
        for (int i = 0; i < Context; i++)
        {
            inputs[sequence, i] = codes[place + i];
            targets[sequence, i] = codes[place + i + 1];
        }
    }
}

string? Argument(string name) => Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : null;

// Where this file is: dotnet run FILE.cs says so. (The compiler's path is not the disk's in a deterministic build.)
static string Here() => (string?)AppContext.GetData("EntryPointFileDirectoryPath") ?? AppContext.BaseDirectory;
