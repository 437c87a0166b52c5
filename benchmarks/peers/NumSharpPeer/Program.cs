using System.Diagnostics;
using System.Globalization;
using NumSharp;

// The XOR job in NumSharp, line by line as in xor_numpy.py: prints best milliseconds, last loss, version. Arguments: the first
// weights, W1 row by row and W2, so that the job is the same whatever NumSharp draws.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
double[] weights = [.. args.Select(double.Parse)];
var x = np.array(new double[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
var y = np.array(new double[,] { { 0 }, { 1 }, { 1 }, { 0 } });
double best = double.PositiveInfinity;
double loss = 0;
for (int run = 0; run < 3; run++)
{
    long start = Stopwatch.GetTimestamp();
    loss = Train();
    best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
}

Console.WriteLine($"{best} {loss} {typeof(np).Assembly.GetName().Version!.ToString(3)}");

double Train()
{
    NDArray w1 = np.array(weights[..16]).reshape(2, 8);
    NDArray b1 = np.zeros(8);
    NDArray w2 = np.array(weights[16..]).reshape(8, 1);
    NDArray b2 = np.zeros(1);
    NDArray last = np.zeros(1);
    for (int epoch = 0; epoch < 2000; epoch++)
    {
        NDArray z1 = np.matmul(x, w1) + b1;
        NDArray a1 = np.maximum(z1, np.zeros(1));
        NDArray z2 = np.matmul(a1, w2) + b2;
        NDArray a2 = 1.0 / (1.0 + np.exp(z2 * -1.0));
        NDArray difference = a2 - y;
        last = np.mean(difference * difference);
        NDArray dz2 = 2.0 * difference / 4.0 * a2 * (1.0 - a2);
        NDArray dz1 = np.matmul(dz2, w2.T) * (z1 > 0.0).astype(np.float64);
        w2 -= np.matmul(a1.T, dz2);
        b2 -= np.sum(dz2, 0);
        w1 -= np.matmul(x.T, dz1);
        b1 -= np.sum(dz1, 0);
    }

    return (double)last;
}
