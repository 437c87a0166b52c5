using System.Diagnostics;
using System.Globalization;
using ChainRule.Explanation;
using ChainRule.Lessons.BugLab;
using ChainRule.Lessons.Text;
using ChainRule.Playground.Session;
using ChainRule.Playground.Text;

namespace ChainRule.Playground.Page;

/// <summary>
/// The page's state: a session, and how it is looked at. Parts of the page listen to <see cref="Changed"/>, when anything may
/// look different, and to <see cref="Ticked"/>, when only numbers have moved on.
/// </summary>
public sealed class PageModel
{
    // Without drawing, a frame may take as long as nobody minds.
    private const double WholeFrameBudget = 90;

    // After so many milliseconds at the latest, a look at the clock.
    private const double LongestStretch = 10;

    // Without drawing, counters and curves move on so often.
    private const double QuietPeriod = 500;
    private const int MostSlowOperations = 8;

    // By then explanations take no longer than later ones.
    private const int WarmedUp = 16;

    private readonly List<DrawnPoint> drawn = [];
    private readonly FrameBudget frames = new();
    private double lastFrame;
    private double lastTick;
    private double credit;
    private double rateSteps;
    private double rateSince;
    private int hiddenBugs;
    private int warmed;

    /// <summary>Starts with the default setup.</summary>
    public PageModel() => Session = new PlaygroundSession(Setup.Default);

    /// <summary>Anything may look different.</summary>
    public event Action? Changed;

    /// <summary>Something else is inspected, and nothing else has changed.</summary>
    public event Action? Chosen;

    /// <summary>The run has moved on.</summary>
    public event Action? Ticked;

    /// <summary>A chart is pointed at: its name, and where, from 0 at the left to 1; below 0 for nowhere.</summary>
    public event Action<string, double>? Pointed;

    /// <summary>The session.</summary>
    public PlaygroundSession Session { get; private set; }

    /// <summary>The run.</summary>
    public TrainingRun Run => Session.Run;

    /// <summary>The language.</summary>
    public Language Language { get; private set; }

    /// <summary>The page's texts.</summary>
    public PageText Text => PageText.In(Language);

    /// <summary>light, dark, or auto for what the system says.</summary>
    public string Theme { get; private set; } = "auto";

    /// <summary>What the picture shows.</summary>
    public ViewMode View { get; private set; }

    /// <summary>Whether neurons show their numbers at all times; inside a step they do anyway.</summary>
    public bool ShowsNumbers { get; private set; }

    /// <summary>The sample of the batch that is shown.</summary>
    public int Sample { get; private set; }

    /// <summary>What is inspected.</summary>
    public Selection Selected { get; private set; } = new(new Entry(0, 0, 3));

    /// <summary>What one press of the step button does.</summary>
    public Grain Grain { get; private set; } = Grain.Operation;

    /// <summary>The place of the speed in <see cref="Speed.All"/>.</summary>
    public int SpeedIndex { get; private set; } = Speed.Default;

    /// <summary>Whether the page plays.</summary>
    public bool IsPlaying { get; private set; }

    /// <summary>Whether the picture is drawn while it plays.</summary>
    public bool IsDrawing { get; private set; } = true;

    /// <summary>Steps a second while it plays.</summary>
    public double Rate { get; private set; }

    /// <summary>What went wrong last, in the page's language where it knows it; empty for nothing.</summary>
    public string Message { get; private set; } = "";

    /// <summary>What was done last, for those who hear the page.</summary>
    public string Announcement { get; private set; } = "";

    /// <summary>The step of the lesson; null outside it.</summary>
    public LessonStep? Lesson { get; private set; }

    /// <summary>Whether somebody draws points.</summary>
    public bool IsDrawingPoints { get; private set; }

    /// <summary>The class of the points that are drawn.</summary>
    public int DrawnClass { get; private set; }

    /// <summary>Whether the planted bug is one to be found.</summary>
    public bool IsBugHidden { get; private set; }

    /// <summary>The bug that somebody thinks it is; null while there is no guess.</summary>
    public PlantedBug? Guess { get; private set; }

    /// <summary>Verdicts for every entry; null where nobody asked or something has moved since.</summary>
    public Verdicts? Verdicts { get; private set; }

    /// <summary>The version of the run that <see cref="Verdicts"/> are about.</summary>
    public int VerdictsVersion { get; private set; } = -1;

    /// <summary>Grows where the structure of the picture changes.</summary>
    public int Structure { get; private set; }

    /// <summary>Sets what the browser knows of the reader.</summary>
    /// <param name="language">The language.</param>
    /// <param name="theme">The colours.</param>
    public void Dress(Language language, string theme)
    {
        Language = language;
        Theme = theme is "light" or "dark" ? theme : "auto";
        if (OperatingSystem.IsBrowser())
        {
            Interop.Dress(language == Language.Korean ? "ko" : "en", Text.Title, Theme);
            Interop.Remember("language", language.ToString());
            Interop.Remember("theme", Theme);
        }

        Changed?.Invoke();
    }

    /// <summary>Opens what stands behind the address's #: a session, a step of the lesson, or nothing.</summary>
    /// <param name="hash">The text.</param>
    public void Open(string hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        string text = hash.TrimStart('#');
        foreach (string part in text.Split('&'))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            (string name, string value) = equals < 0 ? (part, "") : (part[..equals], part[(equals + 1)..]);
            switch (name)
            {
                case "language":
                    Dress(value == "ko" ? Language.Korean : Language.English, Theme);
                    break;
                case "lesson" when LessonStep.Find(value) is { } step:
                    if (step != Lesson)
                    {
                        Begin(step);
                    }

                    break;
                case "lesson":
                    Say(string.Format(CultureInfo.InvariantCulture, Text.Errors.NoSuchStep, value, string.Join(", ", LessonStep.All.Select(step => step.Id))));
                    break;
                case "s":
                    Try(() =>
                    {
                        Session = PlaygroundSession.FromLink(value);
                        Renew();
                    });
                    break;
            }
        }
    }

    /// <summary>The text that <see cref="Open"/> makes this session of.</summary>
    public string ToHash() => $"s={Session.ToLink()}&language={(Language == Language.Korean ? "ko" : "en")}";

    /// <summary>Starts or stops playing.</summary>
    /// <param name="isPlaying">Whether to play.</param>
    public void Play(bool isPlaying)
    {
        if (isPlaying && Run.Breakdown is not null)
        {
            return;
        }

        IsPlaying = isPlaying;
        (lastFrame, credit, Rate, rateSteps, rateSince) = (0, 1, 0, 0, 0);
        if (OperatingSystem.IsBrowser())
        {
            Interop.Play(isPlaying);
        }

        Notify();
    }

    /// <summary>Plays for the time of a frame.</summary>
    /// <param name="now">The time in milliseconds.</param>
    /// <returns>Whether it plays on.</returns>
    public bool Frame(double now)
    {
        if (!IsPlaying)
        {
            return false;
        }

        double elapsed = lastFrame == 0 ? 16 : Math.Min(now - lastFrame, 250);
        if (lastFrame > 0 && IsDrawing)
        {
            frames.Note(elapsed);
        }

        lastFrame = now;
        Speed speed = Speed.All[SpeedIndex];
        int stepsBefore = Run.Step;
        bool goesOn = speed.IsOperations ? PlayOperations(speed, elapsed) : PlaySteps(speed, elapsed);
        CountRate(now, Run.Step - stepsBefore);
        if (!goesOn)
        {
            Play(false);
            return false;
        }

        if (IsDrawing || now - lastTick > QuietPeriod)
        {
            lastTick = now;
            Ticked?.Invoke();
        }

        return true;
    }

    /// <summary>Goes on by one grain.</summary>
    public void StepForward()
    {
        IsPlaying = false;
        Session.StepForward(Grain);
        Announce();
    }

    /// <summary>Goes back by one grain.</summary>
    public void StepBack()
    {
        IsPlaying = false;
        Try(() => Session.StepBack(Grain));
        Announce();
    }

    /// <summary>Goes to a step.</summary>
    /// <param name="step">The step.</param>
    public void Seek(int step)
    {
        IsPlaying = false;
        Try(() => Session.Seek(Math.Clamp(step, Run.FirstStep, Run.LastStep)));
        Announce();
    }

    /// <summary>Starts again from the same weights.</summary>
    public void Reset()
    {
        IsPlaying = false;
        Try(Session.Reset);
        Renew();
    }

    /// <summary>Starts again from other weights.</summary>
    public void StartElsewhere()
    {
        IsPlaying = false;
        Try(Session.StartElsewhere);
        Renew();
    }

    /// <summary>Takes another setup.</summary>
    /// <param name="change">Makes it of the setup that there is.</param>
    public void Change(Func<Setup, Setup> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Setup before = Session.Setup;
        Try(() =>
        {
            Setup after = change(before);
            if (SetupRules.Fit(after).NeedsNewRun(before))
            {
                IsPlaying = false;
            }

            Session.Apply(after);
        });
        if (Session.Setup.NeedsNewRun(before))
        {
            Renew();
        }
        else
        {
            Notify();
        }
    }

    /// <summary>Sets an entry by hand.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="text">The number, as somebody typed it.</param>
    public void Edit(Entry entry, string? text)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
        {
            Say(string.Format(CultureInfo.InvariantCulture, Text.Errors.NoNumber, text));
            return;
        }

        Try(() => Session.Edit(entry, value));
        Notify();
    }

    /// <summary>Inspects something.</summary>
    /// <param name="selection">What.</param>
    public void Select(Selection selection)
    {
        if (selection.Fits(Run.NeuronLayers))
        {
            Selected = selection;
            Chosen?.Invoke();
        }
    }

    /// <summary>Inspects something, and says what it is to those who hear the page.</summary>
    /// <param name="selection">What.</param>
    public void SelectAloud(Selection selection)
    {
        if (selection.Fits(Run.NeuronLayers))
        {
            Announcement = Text.Describe(selection.Entry, selection.IsNeuron, Run.NeuronLayers.Count);
            Select(selection);
        }
    }

    /// <summary>
    /// Explains one weight more than anybody asked for: browsers interpret what runs for the first time, and the first questions
    /// would have to wait for it. Nothing that can be seen changes.
    /// </summary>
    /// <returns>Whether it should be asked for again.</returns>
    public bool WarmUp()
    {
        IReadOnlyList<NeuronLayer> layers = Run.NeuronLayers;
        if (!IsPlaying && double.IsFinite(Run.Pass.Loss))
        {
            int layer = warmed % layers.Count;
            Explained explained = Run.Explain(new Entry(layer, 0, warmed % layers[layer].Units));
            foreach (SumTerm term in explained.Derivation.Terms)
            {
                Mathematics.Term(term, explained.Derivation.Pass, layers);
            }
        }

        return ++warmed < WarmedUp;
    }

    /// <summary>Sets what the picture shows.</summary>
    /// <param name="view">What.</param>
    public void Show(ViewMode view)
    {
        View = view;
        Changed?.Invoke();
    }

    /// <summary>Shows numbers on neurons or not.</summary>
    /// <param name="shows">Whether to.</param>
    public void ShowNumbers(bool shows)
    {
        ShowsNumbers = shows;
        Changed?.Invoke();
    }

    /// <summary>Shows another sample of the batch.</summary>
    /// <param name="sample">Its position.</param>
    public void ShowSample(int sample)
    {
        Sample = Math.Clamp(sample, 0, Run.Pass.Samples - 1);
        Changed?.Invoke();
    }

    /// <summary>Sets the grain of the step buttons.</summary>
    /// <param name="grain">The grain.</param>
    public void SetGrain(Grain grain)
    {
        Grain = grain;
        Changed?.Invoke();
    }

    /// <summary>Sets the speed.</summary>
    /// <param name="index">Its place in <see cref="Speed.All"/>.</param>
    public void SetSpeed(int index)
    {
        SpeedIndex = Math.Clamp(index, 0, Speed.All.Count - 1);
        credit = 0;
        Changed?.Invoke();
    }

    /// <summary>Draws while playing or not.</summary>
    /// <param name="draws">Whether to.</param>
    public void SetDrawing(bool draws)
    {
        IsDrawing = draws;
        Changed?.Invoke();
    }

    /// <summary>Plants a bug for all to see, or takes it out.</summary>
    /// <param name="bug">The bug; null for none.</param>
    public void Plant(PlantedBug? bug)
    {
        (IsBugHidden, Guess) = (false, null);
        Try(() => Session.Plant(bug));
        Judge();
    }

    /// <summary>Plants a bug that has to be found: another one each time.</summary>
    public void Hide()
    {
        IReadOnlyList<PlantedBug> bugs = Run.PlantableBugs;
        if (bugs.Count == 0)
        {
            return;
        }

        int choice = (int)((uint)HashCode.Combine(Stopwatch.GetTimestamp(), hiddenBugs++) % (uint)bugs.Count);
        Try(() => Session.Plant(bugs[choice]));
        (IsBugHidden, Guess) = (true, null);
        Judge();
    }

    /// <summary>Says which bug it is.</summary>
    /// <param name="bug">The bug.</param>
    public void GuessBug(PlantedBug bug)
    {
        (Guess, IsBugHidden) = (bug, bug != Run.Bug);
        Changed?.Invoke();
    }

    /// <summary>Checks every entry of every parameter.</summary>
    public void Judge()
    {
        Verdicts = Run.Judge();
        VerdictsVersion = Run.Version;
        Notify();
    }

    /// <summary>Forgets the verdicts.</summary>
    public void Pardon()
    {
        (Verdicts, VerdictsVersion) = (null, -1);
        Changed?.Invoke();
    }

    /// <summary>Starts a step of the lesson.</summary>
    /// <param name="step">The step; null ends the lesson.</param>
    public void Begin(LessonStep? step)
    {
        Lesson = step;
        IsPlaying = false;
        if (OperatingSystem.IsBrowser())
        {
            Interop.WriteHash(step is null ? "" : $"lesson={step.Id}&language={(Language == Language.Korean ? "ko" : "en")}");
        }

        if (step is not null)
        {
            Try(() =>
            {
                Session = new PlaygroundSession(step.Setup);
                step.Prepare(Session);
            });
            (View, Sample, Verdicts, VerdictsVersion) = (step.View, step.Sample, null, -1);
            (Grain, Selected, ShowsNumbers) = (step.Grain, step.Selection(Run), step.ShowsNumbers);
            if (step.Judges)
            {
                (Verdicts, VerdictsVersion) = (Run.Judge(), Run.Version);
            }
        }

        Structure++;
        Notify();
    }

    /// <summary>Starts or ends drawing points.</summary>
    /// <param name="isDrawing">Whether to draw.</param>
    public void DrawPoints(bool isDrawing)
    {
        IsDrawingPoints = isDrawing;
        IsPlaying = false;
        if (isDrawing)
        {
            drawn.Clear();
            if (Session.Setup.Data.OwnData is { Features: 2, ClassNames.Count: 2, Standardize: false } own)
            {
                drawn.AddRange(own.Targets.Select((target, i) => new DrawnPoint(own.Inputs[2 * i], own.Inputs[(2 * i) + 1], (int)target)));
            }
        }

        if (OperatingSystem.IsBrowser())
        {
            Interop.DrawOn(isDrawing);
        }

        Changed?.Invoke();
    }

    /// <summary>Sets the class of the points that are drawn.</summary>
    /// <param name="index">0 or 1.</param>
    public void SetDrawnClass(int index)
    {
        DrawnClass = index;
        Changed?.Invoke();
    }

    /// <summary>Adds a point to one's own data.</summary>
    /// <param name="x1">To the right, from 0 to 1.</param>
    /// <param name="x2">Up, from 0 to 1.</param>
    /// <param name="index">Its class; −1 for the one that is set, −2 for the other one.</param>
    public void DrawPoint(double x1, double x2, int index)
    {
        if (!IsDrawingPoints || drawn.Count >= OwnData.MaximumSamples)
        {
            return;
        }

        drawn.Add(new DrawnPoint(DrawnRange.At(x1), DrawnRange.At(x2), index switch
        {
            -1 => DrawnClass,
            -2 => 1 - DrawnClass,
            _ => index,
        }));
        UseDrawn();
    }

    /// <summary>Takes the last drawn point away.</summary>
    public void Undraw()
    {
        if (drawn.Count > 0)
        {
            drawn.RemoveAt(drawn.Count - 1);
            UseDrawn();
        }
    }

    /// <summary>The square that is drawn on.</summary>
    public static Interval DrawnRange => OwnData.DrawnRange;

    /// <summary>The points that are drawn.</summary>
    public IReadOnlyList<DrawnPoint> Drawn => drawn;

    /// <summary>Uses CSV text as data.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What it is called.</param>
    public async Task UseCsvAsync(string text, string name)
    {
        if (OperatingSystem.IsBrowser())
        {
            await Interop.LoadCsvReaderAsync().ConfigureAwait(true);
        }

        UseCsv(text, name);
    }

    private void UseCsv(string text, string name) =>
        Change(setup => setup with { Data = setup.Data with { Kind = DataSetup.Own, OwnData = OwnData.FromCsv(text, name) } });

    /// <summary>Does what a key of the whole page asks for.</summary>
    /// <param name="key">The key.</param>
    public void Key(string key)
    {
        switch (key)
        {
            case " ":
                Play(!IsPlaying);
                break;
            case ".":
                StepForward();
                break;
            case ",":
                StepBack();
                break;
        }
    }

    /// <summary>Tells the charts what is pointed at.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="share">Where.</param>
    public void Point(string chart, double share) => Pointed?.Invoke(chart, share);

    /// <summary>Says that something went wrong.</summary>
    /// <param name="message">What.</param>
    public void Say(string message)
    {
        Message = message;
        Changed?.Invoke();
    }

    /// <summary>Trains for a while without drawing.</summary>
    /// <param name="milliseconds">How long.</param>
    /// <returns>Steps a second.</returns>
    public double Measure(double milliseconds)
    {
        long start = Stopwatch.GetTimestamp();
        int steps = 0;
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < milliseconds)
        {
            int done = Session.Train(100);
            steps += done;
            if (done < 100)
            {
                break;
            }
        }

        double rate = steps / Stopwatch.GetElapsedTime(start).TotalSeconds;
        Notify();
        return rate;
    }

    private bool PlayOperations(Speed speed, double elapsed)
    {
        credit += elapsed * speed.PerSecond / 1000;
        for (int i = 0; i < MostSlowOperations && credit >= 1; i++)
        {
            credit--;
            if (!Session.StepForward(Grain.Operation))
            {
                return false;
            }
        }

        return true;
    }

    private bool PlaySteps(Speed speed, double elapsed)
    {
        bool isUnlimited = double.IsPositiveInfinity(speed.PerSecond);
        double budget = IsDrawing ? frames.Milliseconds : WholeFrameBudget;
        credit = isUnlimited ? double.PositiveInfinity : Math.Min(credit + (elapsed * speed.PerSecond / 1000), speed.PerSecond);
        long start = Stopwatch.GetTimestamp();
        double spent = 0;
        while (credit >= 1 && spent < budget)
        {
            int steps = (int)Math.Min(frames.StepsIn(Math.Min(budget - spent, LongestStretch)), credit);
            int done = Session.Train(steps);
            credit -= done;
            double before = spent;
            spent = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            frames.NoteSteps(done, spent - before);
            if (done < steps)
            {
                return false;
            }
        }

        // What there was no time for is not made up for.
        credit = Math.Min(credit, 1);
        return true;
    }

    private void CountRate(double now, int steps)
    {
        rateSteps += steps;
        rateSince = rateSince == 0 ? now : rateSince;
        if (now - rateSince > 500)
        {
            Rate = rateSteps * 1000 / (now - rateSince);
            (rateSteps, rateSince) = (0, now);
        }
    }

    private void UseDrawn()
    {
        if (drawn.Count >= OwnData.LeastDrawn)
        {
            Change(setup => setup with { Data = setup.Data with { Kind = DataSetup.Own, OwnData = OwnData.FromPoints(drawn), TestShare = 0 } });
        }
        else
        {
            Notify();
        }
    }

    private void Renew()
    {
        Structure++;
        Sample = 0;
        (Verdicts, VerdictsVersion) = (null, -1);
        if (Run.Bug is null)
        {
            (IsBugHidden, Guess) = (false, null);
        }

        if (!Selected.Fits(Run.NeuronLayers))
        {
            Selected = new Selection(new Entry(0, 0, 0));
        }

        Notify();
    }

    private void Announce()
    {
        Announcement = Session.LastOperation is { } operation
            ? Text.Describe(operation, Run)
            : string.Format(CultureInfo.InvariantCulture, Text.Transport.AtStep, Run.Step);
        Notify();
    }

    private void Notify()
    {
        Sample = Math.Clamp(Sample, 0, Run.Pass.Samples - 1);
        Changed?.Invoke();
    }

    private void Try(Action action)
    {
        try
        {
            Message = "";
            action();
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or InvalidOperationException)
        {
            Message = exception.Message;
            Changed?.Invoke();
        }
    }
}
