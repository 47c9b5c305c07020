"""What experiments print in lines, and the same in Japanese."""

from __future__ import annotations

LINES: tuple[tuple[str, str], ...] = (
    (
        "{scenario}: {keys} searched with {n} replications in all, seed {seed}; the same random numbers at every value",
        "{scenario}：{keys} を探索、反復は計 {n} 回、乱数の種 {seed}。どの値にも同じ乱数を使用",
    ),
    (
        "ANSWER: {said} is the smallest value that meets every service level (confidence {sure}).",
        "答え：{said} が、すべてのサービス水準を満たす最小の値（信頼水準 {sure}）。",
    ),
    (
        "ANSWER: {said} is the smallest value that meets every service level, by its estimates: it, or the next one "
        "below, is "
        "too close to a bound to be told (at {sure}).",
        "答え：推定値では {said} が、すべてのサービス水準を満たす最小の値。これか1つ下の値は基準に近く、"
        "判別できない（{sure}）。",
    ),
    (
        "ANSWER: {said} is the cheapest combination that meets every service level, at {yen} yen (confidence {sure}).",
        "答え：{said} が、すべてのサービス水準を満たす最も安い組み合わせで、{yen} 円（信頼水準 {sure}）。",
    ),
    (
        "NO ANSWER: none of the values meets every service level; allow more, or ask for less.",
        "答えなし：すべてのサービス水準を満たす値はない。範囲を広げるか、水準を下げる。",
    ),
    (
        "GROWTH: all traffic may grow by a factor of {factor} (to {near}); at {rate} a year that is {years} "
        "years, until {until}.",
        "増加余地：全通信量が {factor} 倍になるまで（精度 {near}）。年 {rate} なら {years} 年、{until} まで。",
    ),
    (
        "GROWTH: all traffic may grow by a factor of {factor} (to {near}); at {rate} a year that is {years} years.",
        "増加余地：全通信量が {factor} 倍になるまで（精度 {near}）。年 {rate} なら {years} 年。",
    ),
    (
        "GROWTH: all traffic may grow by a factor of {factor} (to {near}).",
        "増加余地：全通信量が {factor} 倍になるまで（精度 {near}）。",
    ),
    (
        "GROWTH: none: even as it is, a service level is missed ({what} times 1).",
        "増加余地：なし。現状（{what} 1 倍）でもサービス水準が未達。",
    ),
    (
        "{n} replications of each, seed {seed}, with the same random numbers; the intervals of all differences hold together "
        "with {level}",
        "反復は各 {n} 回、乱数の種 {seed}、同じ乱数を使用。差の区間は全体で同時に {level} 成り立つ",
    ),
    ("{a} against {b}: the same in every replication: {names}.", "{b} に対する {a}：どの反復でも同じもの：{names}。"),
    (
        "{a} against {b}: not told apart from chance: {names}; more replications tell smaller differences.",
        "{b} に対する {a}：偶然と区別できないもの：{names}。反復を増やせば小さな差も分かる。",
    ),
    ("{a} against {b}: {told}.", "{b} に対する {a}：{told}。"),
    (
        "Independent random numbers would have needed {n} to {most} replications of each (correlation {r}, {name})"
        " for intervals "
        "as narrow as these of {these}.",
        "独立な乱数なら、この {these} 回と同じ区間幅に {n} ～ {most} 回の反復が必要（相関 {r}、{name}）。",
    ),
    (
        "Independent random numbers would have needed {n} replications of each (correlation {r}, {name}) for intervals as "
        "narrow as these of {these}.",
        "独立な乱数なら、この {these} 回と同じ区間幅に {n} 回の反復が必要（相関 {r}、{name}）。",
    ),
    (
        "{scenario}: {n} points ({design}) of {axes}, up to {each} replications each, seed {seed}; the same random "
        "numbers at "
        "every point",
        "{scenario}：{axes} の {n} 点（{design}）、反復は各点最大 {each} 回、乱数の種 {seed}。どの点にも同じ乱数を使用",
    ),
    (
        "{scenario}: {n} points ({design}) of {axes}, {each} replications each, seed {seed}; the same random "
        "numbers at every point",
        "{scenario}：{axes} の {n} 点（{design}）、反復は各点 {each} 回、乱数の種 {seed}。どの点にも同じ乱数を使用",
    ),
    ("{name}, {a} downward, {b} to the right", "{name}（縦：{a}、横：{b}）"),
    ("  from {least} (blank) to {most} (full)", "  {least}（空白）から {most}（塗りつぶし）まで"),
    (
        "{scenario}: {output} over the ranges of {n} parameters; {n2} points, {n3} replications of each at most, seed "
        "{seed}, the "
        "same random numbers at every point, {why}",
        "{scenario}：母数 {n} 個を幅の中で動かした {output}。{n2} 点、反復は各点最大 {n3} 回、乱数の種 {seed}、どの点にも同じ"
        "乱数を使用。{why}",
    ),
    (
        "{scenario}: {output} over the ranges of {n} parameters; {n2} points, {n3} replications of each at most, seed "
        "{seed}, the "
        "same random numbers at every point",
        "{scenario}：母数 {n} 個を幅の中で動かした {output}。{n2} 点、反復は各点最大 {n3} 回、乱数の種 {seed}、どの点にも同じ"
        "乱数を使用",
    ),
    (
        "{scenario}: {output} over the ranges of {n} parameters; {n2} points, {n3} replication of each at most, seed "
        "{seed}, the "
        "same random numbers at every point, {why}",
        "{scenario}：母数 {n} 個を幅の中で動かした {output}。{n2} 点、反復は各点最大 {n3} 回、乱数の種 {seed}、どの点にも同じ"
        "乱数を使用。{why}",
    ),
    (
        "{scenario}: {output} over the ranges of {n} parameters; {n2} points, {n3} replication of each at most, seed "
        "{seed}, the "
        "same random numbers at every point",
        "{scenario}：母数 {n} 個を幅の中で動かした {output}。{n2} 点、反復は各点最大 {n3} 回、乱数の種 {seed}、どの点にも同じ"
        "乱数を使用",
    ),
    (
        "{output} is {now} as it stands, and {low} to {high} at these points",
        "{output} は現状 {now}、各点では {low} ～ {high}",
    ),
    (
        "PARTIAL: {n} of {n2} points have no output; the first: {why}",
        "途中まで：{n2} 点中 {n} 点は出力なし、最初の理由：{why}",
    ),
    ("{n} of {n2} points leave {output} undefined", "{n2} 点中 {n} 点で {output} は未定義"),
    ("warm-up: {why}", "立ち上がり：{why}"),
    ("No parameter, as far as its range goes, moves {names}.", "幅の中のどの母数も {names} を動かさない。"),
    ("and {n} with smaller effects: --json has them", "ほか効果の小さいもの {n} 個（--json に記載）"),
    (
        "Morris screening: effect is the mean absolute change of the output over the whole range of a parameter, "
        "wherever the "
        "others stand; ± is its 95 % interval over the trajectories, chance its standard error over the replications. "
        "Interaction up to .1: nearly linear; above 1: it depends on the others, or is not monotone.",
        "Morris 法：効果は、他の母数の位置によらず、母数の幅全体での出力の変化の絶対値の平均。± は軌道についての 95 % 区間、"
        "偶然は反復についての標準誤差。交互作用が .1 まではほぼ線形、1 超は他の母数に依存するか単調でない。",
    ),
    (
        "Sobol indices: first order is the share of the output's variance over the ranges that would be gone if the parameter "
        "were known, total effect the share that would be left if all others were; ± are 95 % intervals of a bootstrap over "
        "rows and replications. Their difference is interaction.",
        "Sobol 指数：一次は、その母数が分かれば消える出力の分散の割合。全効果は、他がすべて分かっても残る割合。± は行と反復の"
        "ブートストラップによる 95 % 区間。両者の差が交互作用。",
    ),
    (
        "Tornado: each parameter at the low and the high end of its range, all others as they stand; ± is the 95 % "
        "interval of "
        "the swing by chance alone. What parameters do together stays unseen: --method sobol shows it.",
        "トルネード：各母数を幅の下端と上端に置き、他は現状のまま。± は偶然のみによる振れの 95 % 区間。母数間の相乗は"
        "見えない（--method sobol で表示）。",
    ),
    ("Screened before, and kept at their own values: {did}.", "事前の選別により現状の値に固定：{did}。"),
    (
        "Largest effect on other outputs in the same runs (--output NAME looks closer):",
        "同じ実行での他の出力に最も効く母数（詳しくは --output NAME）：",
    ),
    (
        "Nothing stands out to be measured first for {output}: {why}.",
        "{output} について先に実測すべきものは定まらない：{why}。",
    ),
    (
        "Measure this first: {key} ({source} {low} to {high}, now {now}): it decides {output}; {why} (the figure says: "
        '"{note}").',
        "最初に実測すべきもの：{key}（{source} {low} ～ {high}、現状 {now}）。{output} を左右する。{why}（数値の注記："
        "「{note}」）。",
    ),
    (
        "Measure this first: {key} ({source} {low} to {high}, now {now}): it decides {output}; {why}.",
        "最初に実測すべきもの：{key}（{source} {low} ～ {high}、現状 {now}）。{output} を左右する。{why}。",
    ),
    (
        "Measure this first: {key} ({source} {low} to {high}): it decides {output}; {why}.",
        "最初に実測すべきもの：{key}（{source} {low} ～ {high}）。{output} を左右する。{why}。",
    ),
    (
        "{scenario}: {n} parameters fitted to {n2} figures of {file} by {n3} simulations of {n4} replications, seed "
        "{seed}; the "
        "same random numbers in all",
        "{scenario}：{file} の数値 {n2} 個に母数 {n} 個を当てはめ。模擬 {n3} 回（反復 {n4} 回ずつ）、乱数の種 {seed}、"
        "すべて同じ乱数を使用",
    ),
    ("PARTIAL: the search was stopped before it had settled", "途中まで：探索は収束前に打切り"),
    (
        "There are as many parameters as figures: what is left over says nothing, and there are no intervals.",
        "母数と数値が同数のため、残差からは何も言えず、区間もない。",
    ),
    (
        "What is left over is {n} % of a figure on average; the intervals rest on that.",
        "残差は平均で数値の {n} %。区間はこれに基づく。",
    ),
    (
        "What is left over is {n} times what the errors explain (chi square per degree of freedom).",
        "残差は誤差で説明できる大きさの {n} 倍（自由度あたりのカイ二乗）。",
    ),
    ("warning: {why}", "警告：{why}"),
    ("Try next: {command}", "次は：{command}"),
    ("Try next:", "次は："),
    (
        "{file} asks for {n} figures; fill in the values you have, with units, and delete the other lines",
        "{file} に数値 {n} 個の欄を用意。得られた値を単位付きで記入し、他の行は削除する",
    ),
)
SAYINGS: tuple[tuple[str, str], ...] = (
    ("no parameter moves it", "どの母数にも動かされない"),
    (
        "a single value has no interval, so that nobody can tell chance from effect",
        "値が1つでは区間がなく、偶然と効果を区別できない",
    ),
    ("the effect of {key}, the largest, cannot be told from 0", "最大である {key} の効果も 0 と区別できない"),
    ("the index of {key}, the largest, cannot be told from 0", "最大である {key} の指数も 0 と区別できない"),
    ("{key} and {other} cannot be told apart", "{key} と {other} を区別できない"),
    ("the output does not vary over the ranges", "幅の中で出力が変わらない"),
    ("no other matters beside it", "他はこれに比べて無視できる"),
    ("its effect is {n} times that of the next one", "効果は次のものの {n} 倍"),
    ("{n} with an effect below {n2}% of the largest", "効果が最大のものの {n2}% 未満の {n} 個"),
    ("{n} with effects beyond the {n2} largest", "効果が上位 {n2} 位より下の {n} 個"),
    (
        "the search was stopped before it had settled; begin nearer with --set, or give bounds with --fit KEY=LO..HI",
        "探索は収束前に打切り。--set で近い値から始めるか、--fit KEY=LO..HI で範囲を与える",
    ),
    (
        "the search ended where chance in the simulations outweighs any further step; more replications would go on",
        "模擬の偶然が次の一歩より大きいところで探索を終了。反復を増やせば続く",
    ),
    ("{key} was stopped by a bound, beyond which it may fit better", "{key} は範囲の端で停止（外側の方がよく合う可能性）"),
    ("widen it with --fit {option}", "--fit {option} で広げる"),
    ("{n} parameters were fitted to as many figures", "母数 {n} 個を同数の数値に当てはめた"),
    ("so nothing is left to judge them by", "判断の材料が残らない"),
    ("observe more", "観測を増やす"),
    (
        "what is left over is {n} times what the errors explain: the scenario lacks something, or the errors are too small",
        "残差は誤差で説明できる大きさの {n} 倍：シナリオに不足があるか、誤差が小さすぎる",
    ),
    (
        "one replication does not say how far off the simulation is; run more with --replications",
        "反復1回では模擬の誤差が分からない。--replications で増やす",
    ),
    (
        "the simulations are hardly less uncertain than what was observed, so that intervals come out too short or too "
        "long; add "
        "replications",
        "模擬の不確かさが観測と大差なく、区間が短すぎるか長すぎる。反復を増やす",
    ),
)
