using System.CommandLine;
using ChainRule.Cli.Output;
using ChainRule.Lessons.BugLab;
using ChainRule.Lessons.Text;

namespace ChainRule.Cli.Lessons;

/// <summary><c>chainrule lesson bugs</c>: what it takes.</summary>
internal static class BugsCommand
{
    public static Command Create()
    {
        var name = new Argument<PlantedBug?>("NAME")
        {
            Description = "A bug of the list. Without it one is drawn.",
            HelpName = "NAME",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = result => BugCatalogue.Find(result.Tokens[0].Value)
                ?? OptionFactory.Reject<PlantedBug?>(result, "NAME", "a bug that chainrule lesson bugs --list names"),
        };
        name.CompletionSources.Add([.. BugCatalogue.All.Select(bug => bug.Name)]);
        var list = new Option<bool>("--list") { Description = "List the bugs." };
        Option<Language?> language = OptionFactory.Language();
        Option<long?> seed = OptionFactory.WholeNumber("--seed", "Seed of the bug that is drawn and of the numbers of its case. [default: another one each time]", 0, uint.MaxValue);
        Option<bool> json = OptionFactory.Json();
        Option<bool> quiet = OptionFactory.Quiet();
        var command = new Command("bugs", "Find the mistake in a backward pass: see it and what the gradient check says, guess, and read its story. With --json and no NAME, all of them.")
        {
            name, list, language, seed, json, quiet,
        };
        command.SetAction((call, _) =>
        {
            Language words = call.GetValue(language) ?? UserLanguage.Detect();
            CommandOutput output = CommandOutput.Open(call.GetValue(json), call.GetValue(quiet));
            uint number = (uint)(call.GetValue(seed) ?? System.Random.Shared.Next());
            var run = new BugsRun(words, output, number);
            PlantedBug? bug = call.GetValue(name);
            return Task.FromResult(call.GetValue(list) || (bug is null && output.IsJson) ? run.List(bug is null ? BugCatalogue.All : [bug]) : run.Show(bug));
        });
        return command;
    }
}
