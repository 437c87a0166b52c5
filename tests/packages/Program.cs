using System.Numerics.Tensors;
using ChainRule;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Mpi;
using ChainRule.Onnx;
using ChainRule.Optimizers;
using ChainRule.Random;
using ChainRule.Training;

// One training run on XOR, an ONNX file of the network, and the message for a missing MPI.
var random = new NumPyRandom(42);
var network = new Sequential<float>(new Linear<float>(2, 8, random), new ReLU<float>(), new Linear<float>(8, 2, random));
Tensor<float> inputs = Tensor.Create([0f, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
Tensor<float> classes = Tensor.Create([0f, 1, 1, 0], [4]);
TrainingReport report = new Trainer<float>(network, new SoftmaxCrossEntropy<float>(), new Sgd<float>(network.Parameters, 0.5))
    .Train(inputs, classes, new TrainingOptions { Epochs = 500, BatchSize = 4 });
Console.WriteLine($"loss {report.Epochs[^1].TrainLoss:F3}");
OnnxFile.Write("xor.onnx", new TrainedModel<float>(network, Objective.ForClasses(LossKind.CrossEntropy, 2), null, ["0", "1"], []));
Console.WriteLine(new FileInfo("xor.onnx").Length > 0 ? "xor.onnx written" : "xor.onnx is empty");
try
{
    MpiCollective.Start();
}
catch (MpiException exception)
{
    Console.WriteLine(exception.Message);
}
