using System.Diagnostics;
using System.Globalization;

namespace ChainRule.Mutation;

/// <summary>
/// Runs all mutants of some folders and prints the score of each folder and the survivors. A second process of this program does the
/// work, so that a mutant that never ends, or takes the process with it, costs a restart.
/// </summary>
internal static class Program
{
    private const string Worker = "--worker";

    /// <summary>REPORT WORK FOLDER…</summary>
    public static int Main(string[] args)
    {
        Mutant.Activate(-1);
        (string report, string work) = (args[0], args[1]);
        string[] folders = [.. args.Skip(2).Where(argument => argument != Worker).SelectMany(argument => argument.Split(' '))];
        Mutant[] mutants = [.. Mutant.Read(report).Where(mutant => folders.Any(folder => $"{mutant.Folder}/".StartsWith($"{folder}/", StringComparison.Ordinal)))];
        string results = Path.Combine(work, "results.tsv");
        if (args[^1] == Worker)
        {
            Work(mutants, results);
            return 0;
        }

        foreach (string end in (string[])["", ".running", ".reached"])
        {
            File.Delete(results + end);
        }

        int exit;
        do
        {
            using var worker = Process.Start(Environment.ProcessPath!, [typeof(Program).Assembly.Location, .. args, Worker]);
            worker.WaitForExit();
            exit = worker.ExitCode;
        }
        while (exit != 0 && File.Exists(results + ".running"));

        return Print(mutants, results) && exit == 0 ? 0 : 1;
    }

    private static void Work(Mutant[] mutants, string results)
    {
        (TestCase Test, double Seconds, HashSet<int> Reached)[] reached = Reach(results + ".reached");
        var watch = new Watch(results);
        foreach (Mutant mutant in mutants.Where(mutant => !watch.IsDone(mutant.Id)))
        {
            watch.Begin(mutant.Id);
            (string status, string by) = ("survived", "");
            foreach ((TestCase test, double seconds, _) in reached.Where(test => test.Reached.Contains(mutant.Id)))
            {
                watch.Allow(5 + (20 * seconds));
                Mutant.Activate(mutant.Id);
                string? failure = test.Run();
                Mutant.Activate(-1);
                if (failure is not null)
                {
                    (status, by) = ("killed", test.Name);
                    break;
                }
            }

            watch.End(status, by);
        }

        watch.Finish();
    }

    /// <summary>Which test reaches which mutant, and how long it takes; the quickest first. After a restart it is read, and what is computed once is computed.</summary>
    private static (TestCase Test, double Seconds, HashSet<int> Reached)[] Reach(string file)
    {
        TestCase[] tests = TestCase.All();
        if (!File.Exists(file))
        {
            Console.Error.WriteLine($"{tests.Length} tests: which of them reaches which mutant?");
            var lines = new List<string>();
            foreach (TestCase test in tests)
            {
                string? failure = test.Run();
                long start = Stopwatch.GetTimestamp();
                failure ??= test.Run();
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                if (failure is not null)
                {
                    Console.Error.WriteLine($"Left out, because it fails without a mutant: {test.Name}: {failure}");
                }

                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{seconds:R}\t{(failure is null ? string.Join(' ', Mutant.ReachedBy(test)) : "")}"));
            }

            File.WriteAllLines(file, lines);
        }

        var read = tests.Zip(File.ReadLines(file).Select(line => line.Split('\t')), (test, cells) =>
            (Test: test, Seconds: double.Parse(cells[0], CultureInfo.InvariantCulture), Reached: cells[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToHashSet())).OrderBy(test => test.Seconds).ToArray();
        foreach ((TestCase test, _, _) in read.TakeWhile(test => test.Seconds < 0.02))
        {
            test.Run();
        }

        return read;
    }

    private static bool Print(Mutant[] mutants, string results)
    {
        Dictionary<int, string> status = File.ReadLines(results).Select(line => line.Split('\t')).ToDictionary(cells => int.Parse(cells[0], CultureInfo.InvariantCulture), cells => cells[1]);
        foreach (Mutant mutant in mutants.Where(mutant => status.GetValueOrDefault(mutant.Id) == "survived"))
        {
            Console.WriteLine($"survived: {mutant.File}:{mutant.Line}: {mutant.Change}");
        }

        foreach (IGrouping<string, Mutant> folder in mutants.GroupBy(mutant => mutant.Folder))
        {
            int killed = folder.Count(mutant => status.GetValueOrDefault(mutant.Id, "survived") != "survived");
            Console.WriteLine(FormattableString.Invariant($"{folder.Key}: {killed} of {folder.Count()} mutants killed, {100.0 * killed / folder.Count():0.0}%"));
        }

        return status.Count == mutants.Length;
    }
}
