using ChainRule.Lessons.Text;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab;

/// <summary>The words of the bug lab in one language. Pieces with numbers in them are composite formats ({0}, {1}, …).</summary>
public sealed record BugLessonText
{
    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>What there is to do.</summary>
    public required string Introduction { get; init; }

    /// <summary>Names the case: its number {0}.</summary>
    public required string Case { get; init; }

    /// <summary>Heads the formula of the forward pass.</summary>
    public required string Forward { get; init; }

    /// <summary>Heads the wrong lines.</summary>
    public required string Backward { get; init; }

    /// <summary>Heads what the check found.</summary>
    public required string Report { get; init; }

    /// <summary>Heads the tensors in the report.</summary>
    public required string Tensor { get; init; }

    /// <summary>Heads the verdicts.</summary>
    public required string Verdict { get; init; }

    /// <summary>Heads the numbers of wrong entries.</summary>
    public required string WrongEntries { get; init; }

    /// <summary>Heads the worst entries.</summary>
    public required string Worst { get; init; }

    /// <summary>The gradient of the tensor is right.</summary>
    public required string Right { get; init; }

    /// <summary>It is wrong.</summary>
    public required string Wrong { get; init; }

    /// <summary>Where every value of a single pass agrees, and the check fails all the same.</summary>
    public required string BeyondValues { get; init; }

    /// <summary>The question.</summary>
    public required string Question { get; init; }

    /// <summary>How to answer: from 1 to {0}.</summary>
    public required string Prompt { get; init; }

    /// <summary>What was typed, {0}, is none of the answers from 1 to {1}.</summary>
    public required string NoSuchAnswer { get; init; }

    /// <summary>The guess was right.</summary>
    public required string GuessedRight { get; init; }

    /// <summary>The guess was wrong: it was {0}.</summary>
    public required string GuessedWrong { get; init; }

    /// <summary>Heads the answer.</summary>
    public required string Answer { get; init; }

    /// <summary>Heads the story.</summary>
    public required string Story { get; init; }

    /// <summary>Heads how it is seen.</summary>
    public required string Seen { get; init; }

    /// <summary>Heads how it is mended.</summary>
    public required string Mended { get; init; }

    /// <summary>Heads what the check itself thinks.</summary>
    public required string Diagnosis { get; init; }

    /// <summary>How to see another: the command {0}.</summary>
    public required string Another { get; init; }

    /// <summary>Stands below the list: how many {0} there are, how many {1} were caught and how many {2} named.</summary>
    public required string Total { get; init; }

    /// <summary>The mistakes by their names.</summary>
    public required IReadOnlyDictionary<GradientMistake, string> Mistakes { get; init; }

    /// <summary>The words in a language.</summary>
    /// <param name="language">The language.</param>
    public static BugLessonText In(Language language) => language == Language.Korean ? korean : english;

    private static readonly BugLessonText english = new()
    {
        Title = "The bug lab",
        Introduction = "Below is a backward pass with one mistake in it, and what a gradient check says of it. What is wrong?",
        Case = "Case {0}",
        Forward = "Forward",
        Backward = "Backward",
        Report = "What the check found",
        Tensor = "Gradient of",
        Verdict = "Verdict",
        WrongEntries = "Wrong entries",
        Worst = "Worst: claimed, right",
        Right = "right",
        Wrong = "WRONG",
        BeyondValues = "Every value of this one pass is right, and the check fails all the same. So it is not the values: ask what happens in the next pass, or beside this one.",
        Question = "What is the mistake?",
        Prompt = "Your answer (1 to {0}; only Enter shows the answer): ",
        NoSuchAnswer = "'{0}' is no answer: type a number from 1 to {1}, or only Enter.",
        GuessedRight = "Right.",
        GuessedWrong = "Not quite. It is: {0}.",
        Answer = "The answer",
        Story = "How it happens",
        Seen = "How it is seen",
        Mended = "How it is mended",
        Diagnosis = "What the check thinks",
        Another = "Another one: {0}",
        Total = "{0} bugs: {1} caught, {2} called by their name at first.",
        Mistakes = new Dictionary<GradientMistake, string>
        {
            [GradientMistake.NotFinite] = "a gradient is NaN or infinite",
            [GradientMistake.WrongShape] = "a gradient has the wrong shape",
            [GradientMistake.NonDeterministic] = "the same pass gives other numbers each time",
            [GradientMistake.ValuesChanged] = "a pass changes values that are not its own",
            [GradientMistake.StaleCache] = "values of an earlier batch are used",
            [GradientMistake.WrongAccumulation] = "gradients add up where they must not, or do not where they must",
            [GradientMistake.NeverReached] = "a gradient is never computed",
            [GradientMistake.UpstreamDropped] = "the gradient from above is dropped",
            [GradientMistake.UpstreamAppliedTwice] = "the gradient from above is multiplied in twice",
            [GradientMistake.SignTurned] = "the sign is turned",
            [GradientMistake.FactorOfTwo] = "a factor of 2 is lost or too many",
            [GradientMistake.FactorOfUnits] = "a factor of the number of inputs or outputs",
            [GradientMistake.ConstantFactor] = "one constant factor is wrong",
            [GradientMistake.SummedInsteadOfAveraged] = "a sum stands where a mean belongs",
            [GradientMistake.AveragedInsteadOfSummed] = "a mean stands where a sum belongs",
            [GradientMistake.NotSummed] = "the shares of the samples are not added up",
            [GradientMistake.Transposed] = "rows and columns are exchanged",
            [GradientMistake.Reordered] = "the right numbers stand in the wrong order",
            [GradientMistake.OffByOne] = "an index is off by one",
            [GradientMistake.PartWrong] = "only some rows or columns are computed",
            [GradientMistake.ActivationDerivativeMissing] = "the activation's derivative is missing",
            [GradientMistake.ActivationDerivativeMisplaced] = "the activation's derivative is taken at the wrong place, or twice",
            [GradientMistake.ActivationDerivativeWrong] = "the formula of the activation's derivative is wrong",
            [GradientMistake.CrossTermsMissing] = "an output depends on other inputs too, and those terms are missing",
            [GradientMistake.SamplesMixed] = "the gradients of the samples mix",
            [GradientMistake.PathMissing] = "one of several paths is left out",
            [GradientMistake.PathCountedTwice] = "one of several paths counts twice",
            [GradientMistake.WrongValueUsed] = "another value of the forward pass is used",
            [GradientMistake.PenaltyMissing] = "a penalty in the loss is not differentiated",
            [GradientMistake.WrongAfterTraining] = "it is right at the start and wrong once the parameters have moved",
            [GradientMistake.RightForOneSampleOnly] = "it is right for one sample and wrong for a batch",
            [GradientMistake.Unknown] = "something else",
        },
    };

    private static readonly BugLessonText korean = new()
    {
        Title = "버그 실험실",
        Introduction = "아래의 역전파에는 실수가 하나 있습니다. 그 아래는 기울기 검증의 결과입니다. 무엇이 틀렸을까요?",
        Case = "{0}번 문제",
        Forward = "순전파",
        Backward = "역전파",
        Report = "검증 결과",
        Tensor = "기울기",
        Verdict = "판정",
        WrongEntries = "틀린 원소",
        Worst = "최악: 주장, 정답",
        Right = "맞음",
        Wrong = "틀림",
        BeyondValues = "이번 한 번의 값은 모두 맞지만 검증은 실패합니다. 값이 아니라면 다음 번에, 또는 그 곁에서 무슨 일이 일어나는지 생각해 보세요.",
        Question = "어떤 실수일까요?",
        Prompt = "답(1~{0}, 그냥 Enter를 누르면 정답): ",
        NoSuchAnswer = "'{0}'은(는) 답이 아닙니다. 1에서 {1}까지의 숫자를 입력하거나 그냥 Enter를 누르세요.",
        GuessedRight = "맞았습니다.",
        GuessedWrong = "아닙니다. 정답: {0}.",
        Answer = "정답",
        Story = "어쩌다 생기나",
        Seen = "어떻게 드러나나",
        Mended = "어떻게 고치나",
        Diagnosis = "검증기의 진단",
        Another = "다른 문제: {0}",
        Total = "버그 {0}개: 찾아낸 것 {1}개, 첫 진단이 맞은 것 {2}개.",
        Mistakes = new Dictionary<GradientMistake, string>
        {
            [GradientMistake.NotFinite] = "기울기가 NaN이거나 무한대",
            [GradientMistake.WrongShape] = "기울기의 형상이 틀림",
            [GradientMistake.NonDeterministic] = "같은 계산인데 매번 값이 다름",
            [GradientMistake.ValuesChanged] = "자기 것이 아닌 값을 바꿈",
            [GradientMistake.StaleCache] = "이전 배치의 값을 씀",
            [GradientMistake.WrongAccumulation] = "더하면 안 될 기울기를 더하거나, 더해야 할 것을 더하지 않음",
            [GradientMistake.NeverReached] = "계산하지 않은 기울기가 있음",
            [GradientMistake.UpstreamDropped] = "위에서 온 기울기를 버림",
            [GradientMistake.UpstreamAppliedTwice] = "위에서 온 기울기를 두 번 곱함",
            [GradientMistake.SignTurned] = "부호가 반대",
            [GradientMistake.FactorOfTwo] = "2배 또는 절반",
            [GradientMistake.FactorOfUnits] = "입력 또는 출력의 수만큼 틀림",
            [GradientMistake.ConstantFactor] = "상수배만큼 틀림",
            [GradientMistake.SummedInsteadOfAveraged] = "평균을 내야 할 곳에서 합을 구함",
            [GradientMistake.AveragedInsteadOfSummed] = "합을 구해야 할 곳에서 평균을 냄",
            [GradientMistake.NotSummed] = "샘플들의 몫을 더하지 않음",
            [GradientMistake.Transposed] = "행과 열이 뒤바뀜",
            [GradientMistake.Reordered] = "값은 맞지만 순서가 틀림",
            [GradientMistake.OffByOne] = "색인이 하나 어긋남",
            [GradientMistake.PartWrong] = "일부 행이나 열만 계산함",
            [GradientMistake.ActivationDerivativeMissing] = "활성화 함수의 미분이 빠짐",
            [GradientMistake.ActivationDerivativeMisplaced] = "활성화 함수의 미분을 엉뚱한 값에서 구하거나 두 번 곱함",
            [GradientMistake.ActivationDerivativeWrong] = "활성화 함수의 미분 공식이 틀림",
            [GradientMistake.CrossTermsMissing] = "출력이 다른 입력에도 의존하는데 그 항이 빠짐",
            [GradientMistake.SamplesMixed] = "샘플들의 기울기가 섞임",
            [GradientMistake.PathMissing] = "여러 경로 가운데 하나가 빠짐",
            [GradientMistake.PathCountedTwice] = "여러 경로 가운데 하나를 두 번 셈",
            [GradientMistake.WrongValueUsed] = "순전파의 다른 값을 씀",
            [GradientMistake.PenaltyMissing] = "손실의 벌점을 미분하지 않음",
            [GradientMistake.WrongAfterTraining] = "처음에는 맞고, 매개변수가 움직이면 틀림",
            [GradientMistake.RightForOneSampleOnly] = "샘플 하나에는 맞고 배치에는 틀림",
            [GradientMistake.Unknown] = "그 밖의 실수",
        },
    };
}
