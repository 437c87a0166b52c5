using ChainRule.Cli.Output;
using Spectre.Console;

namespace ChainRule.Cli.Checking;

/// <summary>Shows how far the proof of the library is: a bar in a terminal, nothing elsewhere.</summary>
internal static class ProofView
{
    /// <summary>Runs the proof.</summary>
    public static IReadOnlyList<ProofRow> Watch(CommandOutput output, Func<IProgress<ProofProgress>?, IReadOnlyList<ProofRow>> run)
    {
        if (!output.IsLive)
        {
            return run(null);
        }

        return output.People.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask("");
                return run(new Listener<ProofProgress>(news =>
                {
                    task.Description = Markup.Escape(news.Name);
                    task.MaxValue = news.Count;
                    task.Value = news.Done;
                }));
            });
    }
}

/// <summary>How far a proof is.</summary>
/// <param name="Name">The layer or loss whose turn it is.</param>
/// <param name="Done">How many are done.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct ProofProgress(string Name, int Done, int Count);
