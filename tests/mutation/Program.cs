using System.Diagnostics;
using System.Globalization;

namespace ChainRule.Mutation;

/// <summary>
/// Runs all mutants of some folders and prints the score of each folder and the survivors. Other processes of this program do the work,
/// one for each core, so that a mutant that never ends, or takes the process with it, costs a restart.
/// </summary>
internal static class Program
{
    private const string Worker = "--worker";

    /// <summary>REPORT WORK FOLDER…</summary>
    public static async Task<int> Main(string[] args)
    {
        Mutant.Activate(-1);
        (string report, string work) = (args[0], args[1]);
        int worker = Array.IndexOf(args, Worker);
        string[] folders = [.. args[2..(worker < 0 ? args.Length : worker)].SelectMany(argument => argument.Split(' '))];
        Mutant[] mutants = [.. Mutant.Read(report).Where(mutant => folders.Any(folder => $"{mutant.Folder}/".StartsWith($"{folder}/", StringComparison.Ordinal)))];
        string reached = Path.Combine(work, "reached.tsv");
        string[] results = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(number => Path.Combine(work, $"results{number}.tsv"))];
        if (worker >= 0)
        {
            int number = int.Parse(args[worker + 1], CultureInfo.InvariantCulture);
            Work([.. mutants.Where((_, i) => i % results.Length == number)], results[number], Reached(reached));
            return 0;
        }

        Reach(reached);
        bool[] ended = await Task.WhenAll(results.Select((file, number) => EndAsync([.. args, Worker, $"{number}"], file)));
        return Print(mutants, results) && ended.All(end => end) ? 0 : 1;
    }

    /// <summary>Starts a worker, and again when a mutant has ended it.</summary>
    private static async Task<bool> EndAsync(string[] args, string results)
    {
        File.Delete(results);
        File.Delete(results + ".running");
        int exit;
        do
        {
            using var worker = Process.Start(Environment.ProcessPath!, [typeof(Program).Assembly.Location, .. args]);
            await worker.WaitForExitAsync();
            exit = worker.ExitCode;
        }
        while (exit != 0 && File.Exists(results + ".running"));
        return exit == 0;
    }

    private static void Work(Mutant[] mutants, string results, (TestCase Test, double Seconds, HashSet<int> Reached)[] reached)
    {
        foreach ((TestCase test, _, _) in reached.TakeWhile(test => test.Seconds < 0.02))
        {
            test.Run(); // what is computed once is computed
        }

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

    /// <summary>Writes down how long each test takes and which mutants it reaches.</summary>
    private static void Reach(string file)
    {
        TestCase[] tests = TestCase.All();
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

    /// <summary>What <see cref="Reach"/> wrote; the quickest test first.</summary>
    private static (TestCase Test, double Seconds, HashSet<int> Reached)[] Reached(string file) =>
    [
        .. TestCase.All().Zip(File.ReadLines(file).Select(line => line.Split('\t')), (test, cells) =>
            (Test: test, Seconds: double.Parse(cells[0], CultureInfo.InvariantCulture), Reached: cells[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToHashSet())).OrderBy(test => test.Seconds),
    ];

    private static bool Print(Mutant[] mutants, string[] results)
    {
        Dictionary<int, string> status = results.SelectMany(File.ReadLines).Select(line => line.Split('\t')).ToDictionary(cells => int.Parse(cells[0], CultureInfo.InvariantCulture), cells => cells[1]);
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
