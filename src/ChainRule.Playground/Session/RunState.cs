namespace ChainRule.Playground.Session;

/// <summary>A run at the start of one step, as a link carries it: numbers of the run's precision, as doubles, which hold both.</summary>
/// <param name="Step">The steps that are done.</param>
/// <param name="Epoch">The epochs that are done.</param>
/// <param name="Batch">The batch of the next step.</param>
/// <param name="LossSum">The sum of the losses of this epoch's samples so far.</param>
/// <param name="FinishedLoss">The mean loss of the last epoch that was finished; not a number where none was.</param>
/// <param name="Values">θ of each parameter.</param>
/// <param name="OptimizerSteps">The steps that the optimizer has made.</param>
/// <param name="Memories">For each parameter the tensors that the optimizer remembers.</param>
public sealed record RunState(int Step, int Epoch, int Batch, double LossSum, double FinishedLoss, IReadOnlyList<double[]> Values, int OptimizerSteps, IReadOnlyList<IReadOnlyList<double[]>> Memories);
