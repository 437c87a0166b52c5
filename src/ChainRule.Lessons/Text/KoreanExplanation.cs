namespace ChainRule.Lessons.Text;

/// <summary>Explanations in Korean.</summary>
internal static class KoreanExplanation
{
    public static ExplanationText Text { get; } = new()
    {
        Language = Language.Korean,
        Title = "{0}의 기울기가 나오는 과정",
        PassTitle = "신경망 전체의 순전파와 역전파",
        SampleOf = "{1}의 샘플 {0}",
        SamplesFromTo = "{2}의 샘플 {0}~{1}",
        SamplesOf = "{1}의 샘플 {0}개",
        Path = "경로 {0}/{1}, 샘플 {2}",
        Product = "곱",
        NoPath = "경로 없음: 손실까지 가는 길마다 국소 미분 가운데 하나가 0입니다.",
        SumOfAllPaths = "경로 {0}개의 합",
        OneMorePath = "나머지 경로 1개",
        MorePaths = "나머지 경로 {0}개",
        BySample = "샘플에 대한 합",
        ByUnit = "유닛별로 펼치기, 샘플 {0}",
        Sample = "샘플",
        Paths = "경로 수",
        ClassOf = "클래스 {0}",
        Sum = "합",
        Opinions = "여러 방법으로 구한 값",
        ByHand = "손 계산",
        SumOfPaths = "경로의 합",
        Autodiff = "자동 미분",
        Numeric = "수치 미분",
        NoOpinion = "없음: 스칼라 형태가 없는 층이 있습니다",
        Verdict = "판정",
        Pass = "통과: 모두 일치합니다",
        Kink = "꺾인 점: 손실이 여기서 꺾여 미분값이 없으며, 손 계산의 값은 한쪽 기울기입니다",
        Fail = "실패: 서로 일치하지 않으므로 적어도 하나는 틀렸습니다",
        Forward = "순전파",
        Backward = "역전파",
        More = "… 외 {0}개",
        Input = "입력",
        Loss = "손실",
        Positive = "양수",
        Negative = "음수",
        WidthOfWeight = "굵기: 가중치의 크기",
        WidthOfGradient = "굵기: 기울기의 크기",
        GradientSign = "∂: 손실의 기울기",
        BatchUnits = "유닛: 배치에 대한 값의 평균과 기울기의 합",
    };
}
