using System.CommandLine;
using ChainRule.Cli;
using ChainRule.Cli.Checking;
using ChainRule.Cli.Explaining;
using ChainRule.Cli.Exporting;
using ChainRule.Cli.Information;
using ChainRule.Cli.Lessons;
using ChainRule.Cli.Playground;
using ChainRule.Cli.Prediction;
using ChainRule.Cli.Training;

var root = new RootCommand("Backpropagation you can read, run, check and ship.")
{
    HelpName = "chainrule",
};
root.Add(LessonCommand.Create());
root.Add(TrainCommand.Create());
root.Add(PredictCommand.Create());
root.Add(CheckCommand.Create());
root.Add(ExplainCommand.Create());
root.Add(ExportCommand.Create());
root.Add(ImportCommand.Create());
root.Add(PlaygroundCommand.Create());
root.Add(InfoCommand.Create());
return CommandLine.Run(root, args);
