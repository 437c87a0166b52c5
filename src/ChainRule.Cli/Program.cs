using System.CommandLine;
using ChainRule.Cli;
using ChainRule.Cli.Lessons;

var root = new RootCommand("Backpropagation you can read, run, check and ship.")
{
    HelpName = "chainrule",
};
root.Add(LessonCommand.Create());
return CommandLine.Run(root, args);
