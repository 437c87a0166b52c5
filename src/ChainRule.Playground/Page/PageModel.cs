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
    // By then explanations take no longer than later ones.
    private const int WarmedUp = 16;

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

    /// <summary>How the page plays.</summary>
    public Playback Playback { get; } = new();

    /// <summary>What went wrong last, in the page's language where it knows it; empty for nothing.</summary>
    public string Message { get; private set; } = "";

    /// <summary>What was done last, for those who hear the page.</summary>
    public string Announcement { get; private set; } = "";

    /// <summary>The step of the lesson; null outside it.</summary>
    public LessonStep? Lesson { get; private set; }

    /// <summary>The points that somebody draws.</summary>
    public Sketch Sketch { get; } = new();

    /// <summary>What the bug lab knows.</summary>
    public BugHunt BugHunt { get; } = new();

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

        Playback.Play(isPlaying);
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
        if (!Playback.IsPlaying)
        {
            return false;
        }

        if (!Playback.Advance(Session, now))
        {
            Play(false);
            return false;
        }

        if (Playback.IsTickDue(now))
        {
            Ticked?.Invoke();
        }

        return true;
    }

    /// <summary>Goes on by one grain.</summary>
    public void StepForward()
    {
        Playback.Play(false);
        Session.StepForward(Grain);
        Announce();
    }

    /// <summary>Goes back by one grain.</summary>
    public void StepBack()
    {
        Playback.Play(false);
        Try(() => Session.StepBack(Grain));
        Announce();
    }

    /// <summary>Goes to a step.</summary>
    /// <param name="step">The step.</param>
    public void Seek(int step)
    {
        Playback.Play(false);
        Try(() => Session.Seek(Math.Clamp(step, Run.FirstStep, Run.LastStep)));
        Announce();
    }

    /// <summary>Starts again from the same weights.</summary>
    public void Reset()
    {
        Playback.Play(false);
        Try(Session.Reset);
        Renew();
    }

    /// <summary>Starts again from other weights.</summary>
    public void StartElsewhere()
    {
        Playback.Play(false);
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
                Playback.Play(false);
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
        if (!Playback.IsPlaying && double.IsFinite(Run.Pass.Loss))
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
        Playback.SetSpeed(index);
        Changed?.Invoke();
    }

    /// <summary>Draws while playing or not.</summary>
    /// <param name="draws">Whether to.</param>
    public void SetDrawing(bool draws)
    {
        Playback.SetDrawing(draws);
        Changed?.Invoke();
    }

    /// <summary>Plants a bug for all to see, or takes it out.</summary>
    /// <param name="bug">The bug; null for none.</param>
    public void Plant(PlantedBug? bug)
    {
        BugHunt.Begin(isHidden: false);
        Try(() => Session.Plant(bug));
        Judge();
    }

    /// <summary>Plants a bug that has to be found.</summary>
    public void Hide()
    {
        if (Run.PlantableBugs.Count == 0)
        {
            return;
        }

        BugHunt.Begin(isHidden: true);
        Try(() => Session.Plant(BugHunt.Pick(Run.PlantableBugs)));
        Judge();
    }

    /// <summary>Says which bug it is.</summary>
    /// <param name="bug">The bug.</param>
    public void GuessBug(PlantedBug bug)
    {
        BugHunt.Take(bug, Run.Bug);
        Changed?.Invoke();
    }

    /// <summary>Checks every entry of every parameter.</summary>
    public void Judge()
    {
        BugHunt.Judge(Run);
        Notify();
    }

    /// <summary>Forgets the verdicts.</summary>
    public void Pardon()
    {
        BugHunt.Pardon();
        Changed?.Invoke();
    }

    /// <summary>Starts a step of the lesson.</summary>
    /// <param name="step">The step; null ends the lesson.</param>
    public void Begin(LessonStep? step)
    {
        Lesson = step;
        Playback.Play(false);
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
            (View, Sample, Grain, Selected, ShowsNumbers) = (step.View, step.Sample, step.Grain, step.Selection(Run), step.ShowsNumbers);
            BugHunt.Pardon();
            if (step.Judges)
            {
                BugHunt.Judge(Run);
            }
        }

        Structure++;
        Notify();
    }

    /// <summary>Starts or ends drawing points.</summary>
    /// <param name="isDrawing">Whether to draw.</param>
    public void DrawPoints(bool isDrawing)
    {
        Playback.Play(false);
        if (isDrawing)
        {
            Sketch.Open(Session.Setup.Data);
        }
        else
        {
            Sketch.Close();
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
        Sketch.Class = index;
        Changed?.Invoke();
    }

    /// <summary>Adds a point to one's own data.</summary>
    /// <param name="x1">To the right, from 0 to 1.</param>
    /// <param name="x2">Up, from 0 to 1.</param>
    /// <param name="index">Its class; −1 for the one that is set, −2 for the other one.</param>
    public void DrawPoint(double x1, double x2, int index)
    {
        if (Sketch.Add(x1, x2, index))
        {
            UseSketch();
        }
    }

    /// <summary>Takes the last drawn point away.</summary>
    public void Undraw()
    {
        if (Sketch.Undo())
        {
            UseSketch();
        }
    }

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
                Play(!Playback.IsPlaying);
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

    private void UseSketch()
    {
        if (Sketch.IsEnough)
        {
            Change(setup => setup with { Data = setup.Data with { Kind = DataSetup.Own, OwnData = OwnData.FromPoints(Sketch.Points), TestShare = 0 } });
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
        BugHunt.Pardon();
        if (Run.Bug is null)
        {
            BugHunt.Begin(isHidden: false);
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
