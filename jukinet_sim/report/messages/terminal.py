"""What the tables of the terminal say in English, and the same in Japanese: headings, words in cells, and whole lines."""

from __future__ import annotations

from collections.abc import Mapping

HEADINGS: Mapping[str, str] = {
    "log-ons": "ログオン",
    "number": "件数",
    "method": "方式",
    "rejected": "拒否",
    "locked": "ロック",
    "called": "電話",
    "replaced": "再発行",
    "fell-back": "代替手段",
    "enrolled": "登録",
    "rolled-back": "差し戻し",
    "wrong persons": "なりすまし",
    "attempts": "試行",
    "got in": "侵入",
    "monitoring": "監視",
    "traffic that should not be there": "不正な通信",
    "got through": "通過",
    "rate-limited": "流量制限",
    "alerts": "警報",
    "noticed": "検知",
    "after": "検知まで",
    "log of what was dropped": "遮断の記録",
    "traffic": "通信",
    "lines": "行数",
    "of the log": "記録に占める割合",
    "messages from-to": "電文の区間",
    "by the old suite": "旧スイート",
    "by the new one": "新スイート",
    "lost: none in common": "共通なしで損失",
    "output": "出力",
    "late": "遅延",
    "blocked": "占有",
    "demand": "処理時間",
    "servers": "サーバ数",
    "load": "負荷",
    "worst place": "最悪の箇所",
    "jobs": "ジョブ数",
    "events": "事象数",
    "station or pool": "ステーション・プール",
    "begins": "開始",
    "growth x": "増加余地（倍）",
    "growth": "増加（倍）",
    "most of it by": "主なフロー",
    "comes to": "対象",
    "first": "最初",
    "last": "最後",
    "failed": "失敗",
    "verdict": "判定",
    "scenario": "シナリオ",
    "what": "種類",
    "hash": "ハッシュ",
    "replications": "反復数",
    "status": "状態",
    "written": "更新",
    "key": "項目",
    "n": "反復",
    "yen": "円",
    "effect": "効果",
    "interaction": "交互作用",
    "approximate": "近似",
}
"""Headings besides those of `words`; units stay as they are."""

CELLS: Mapping[str, str] = {
    "less": "減",
    "more": "増",
    "same": "同じ",
    "not told apart": "差は不明",
    "enough": "十分",
    "not enough": "不足",
    "likely enough": "おそらく十分",
    "likely not": "おそらく不足",
    "cannot keep up": "処理しきれない",
    "falls behind in its peak": "最繁時に遅れる",
    "at its limit": "限界",
    "no server": "サーバなし",
    "spawned": "派生",
    "unmoved": "変わらず",
    "complete": "完了",
    "interrupted": "中断",
    "damaged": "破損",
    "outside": "範囲外",
    "approximate": "近似",
    "given": "与件",
    "held": "一致",
    "missed": "不一致",
    "met": "達成",
}
"""Words that stand alone in a cell behind the first column."""

LABELS: Mapping[str, str] = {
    "alerts a day": "1日あたりの警報",
    "P(intrusion | alarm) %": "警報が侵入である確率 %",
    "stale alerts %": "古くなった警報 %",
    "analysts busy %": "分析者の稼働率 %",
    "in their busiest hour %": "その最繁時 %",
}
"""What stands in the first column of a table whose rows are figures and not parts of a network."""
LABELLED = ("monitoring",)
"""The first headings of such tables."""

PHRASES: tuple[tuple[str, str], ...] = (
    (r" is less(?=,|$)", " は減"),
    (r" is more(?=,|$)", " は増"),
    (r"^at ([\d.,]+ \w+)$", r"\1"),
    (r"^([\d,]+) figures?$", r"\1 個"),
    (r"^([\d,]+) process(es)?$", r"\1 プロセス"),
)
"""Patterns of words within what stands in the braces of a line, or in a cell."""

LINES: tuple[tuple[str, str], ...] = (
    (
        "{scenario}: {n} replications, seed {seed}, engine {engine}, warm-up {warm_up}, fingerprint {fingerprint}; counts are "
        "sums over the replications, measures are per replication",
        "{scenario}：反復 {n} 回、乱数の種 {seed}、エンジン {engine}、立ち上がり {warm_up}、指紋 {fingerprint}。"
        "件数は反復の合計、尺度は反復1回あたり",
    ),
    (
        "{scenario}: {n} replications, seed {seed}, engine {engine}, warm-up {warm_up}, fingerprint {fingerprint}; counts are "
        "sums over the replications",
        "{scenario}：反復 {n} 回、乱数の種 {seed}、エンジン {engine}、立ち上がり {warm_up}、指紋 {fingerprint}。"
        "件数は反復の合計",
    ),
    (
        "{scenario}: 1 replication, seed {seed}, engine {engine}, warm-up {warm_up}, fingerprint {fingerprint}; intervals n/a "
        "with one replication",
        "{scenario}：反復 1 回、乱数の種 {seed}、エンジン {engine}、立ち上がり {warm_up}、指紋 {fingerprint}。"
        "反復が1回のため区間なし",
    ),
    ("with {settings}", "変更：{settings}"),
    (
        "The scenario has no provisions to agencies, so there are no reported volumes to hold it against.",
        "このシナリオには国の機関などへの提供がないため、照合する報告値はない。",
    ),
    (
        "No station or flow of this network is a textbook queue, so nothing here is validated against theory.",
        "教科書にある待ち行列に当たるステーションもフローもないため、理論値との照合はない。",
    ),
    ("Not judged: that takes at least {n} replications.", "判定なし：{n} 回以上の反復が必要。"),
    ("unmoved, {names}: {reason}.", "変わらず（{names}）：{reason}。"),
    (
        "How much of this is assumption: run it with --assumptions 40.",
        "仮定による部分を見るには --assumptions 40 を付けて実行する。",
    ),
    (
        "and {n} smaller or empty ones: jukinet show {run} --all",
        "ほか {n} 件（小さいもの・空のもの）：jukinet show {run} --all",
    ),
    (
        "and {n} stations to which nobody came: jukinet show {run} --all",
        "ほか処理のないステーション {n} 箇所：jukinet show {run} --all",
    ),
    ("and {n} stations without any load", "ほか負荷のないステーション {n} 箇所"),
    (
        "and {n} more busy places of {group}: jukinet show {run} --places --all",
        "ほか {group} の箇所 {n}：jukinet show {run} --places --all",
    ),
    ("and {n} more: --all shows them", "ほか {n} 件（--all で表示）"),
    ("and {n} points of experiments: jukinet ls --all", "ほか実験の各点 {n} 件：jukinet ls --all"),
    ("{family} in all: {n} flows, {records} records", "{family} 合計：フロー {n}、{records} 件"),
    (
        "Over our assumptions: {n} samples of {figures} with a range, one replication each, on the network of the run.",
        "仮定の標本：幅のある数値 {figures} を {n} 通り引き直し、この網で反復1回ずつ。",
    ),
    (
        "The range holds 90 % of the samples; mostly by: the figure it goes up (+) or down (-) with, if one stands out from "
        "chance, which takes at least 20 samples.",
        "範囲は標本の 90 % を含む。主な要因：共に増える（+）または減る（-）数値のうち、偶然と区別できるもの（標本 "
        "20 以上が必要）。",
    ),
    (
        "{scenario}: {keys} searched with {n} replications in all, seed {seed}; the same random numbers at every value",
        "{scenario}：{keys} を探索、反復は計 {n} 回、乱数の種 {seed}。どの値にも同じ乱数を使用",
    ),
    (
        "ANSWER: {said} is the smallest value that meets every service level (confidence {sure}).",
        "答え：{said} が、すべてのサービス水準を満たす最小の値（信頼水準 {sure}）。",
    ),
    (
        "ANSWER: {said} is the smallest value that meets every service level, by its estimates: it, or the next one below, is "
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
        "{scenario}: {n} points ({design}) of {axes}, up to {each} replications each, seed {seed}; the same random numbers at "
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
    ("{file}: offered load", "{file}：負荷"),
    ("{file}: valid", "{file}：問題なし"),
    (
        "{file}: what would give way first, by the busiest hour of each station and the window of each file",
        "{file}：最初に限界となるもの（各ステーションの最繁時、各ファイルの期限による）",
    ),
    (
        "{file}: what would give way first, by the busiest hour of each station and pool and the window of each file",
        "{file}：最初に限界となるもの（各ステーションとプールの最繁時、各ファイルの期限による）",
    ),
    (
        "what would give way first, by the busiest hour of each station and the window of each file",
        "最初に限界となるもの（各ステーションの最繁時、各ファイルの期限による）",
    ),
    (
        "what would give way first, by the busiest hour of each station and pool and the window of each file",
        "最初に限界となるもの（各ステーションとプールの最繁時、各ファイルの期限による）",
    ),
    (
        "Work counts in the hour in which its job arrives: gates, delays and queues, which move it to later",
        "仕事は、そのジョブが到着した時間帯に数える。それを後にずらすゲート、遅延、",
    ),
    ("hours, are left out, and so are outages.", "待ち行列は考慮せず、停止も考慮しない。"),
    (
        "A pool's tokens count as held for demands and delays only: waiting, token in hand, adds to that.",
        "プールのトークンは処理と遅延の間だけ保持されると数える。保持したままの待ちはこれに加わる。",
    ),
    (
        "≥: a file is worked one visit at a time, so it never keeps more than one server busy.",
        "≥：ファイルは1件ずつ処理されるため、同時に使うサーバは1台まで。",
    ),
    (
        "A file that is due counts at stations spread over the time it has; its own line, one file, sets the",
        "期限のあるファイルは、持ち時間全体に均して数える。one file の行は、サーバがいくつ空いていても",
    ),
    (
        "time that it takes alone, however many servers are idle, against that time.",
        "単独でかかる時間を、その持ち時間と比べたもの。",
    ),
    (
        "the largest file of each flow, alone on its way, against the time it has",
        "各フローの最大のファイル（単独の所要時間と持ち時間）",
    ),
    (
        "  {flow}: {n} records take {taken} of {has}; growth x {growth}",
        "  {flow}：{n} 件に {taken}／{has}、増加余地 {growth} 倍",
    ),
    ("expected in one replication", "反復1回あたりの見込み"),
    ("what changes on a date", "日付による変更"),
    (
        "▒ some places have it, █ all that get it in the run do, or it lasts",
        "▒ 一部の箇所で実施済み、█ 期間中に実施するすべての箇所で実施済み（または継続中）",
    ),
    (
        "engine {engine}, {n} replication on {jobs}: {visits} visits, {events} events",
        "エンジン {engine}、反復 {n} 回、{jobs}：処理 {visits}、事象 {events}",
    ),
    (
        "engine {engine}, {n} replications on {jobs}: {visits} visits, {events} events",
        "エンジン {engine}、反復 {n} 回、{jobs}：処理 {visits}、事象 {events}",
    ),
    (
        "estimate: {time} and {memory} of memory, at an assumed {pace} visits/s per process (a third to three times that is "
        "plausible)",
        "見積り：{time}、メモリ {memory}（1プロセス毎秒 {pace} 処理と仮定。その3分の1から3倍がありうる）",
    ),
    (
        "INCIDENT {name}, {when} for {lasts}: nobody waited because of it",
        "障害 {name}（{when} から {lasts}）：これによる待ちなし",
    ),
    (
        "by {level}, the busiest first; mean % and highest % are the utilisation of the places",
        "{level} 別、忙しい順。平均 % と最高 % は各箇所の利用率",
    ),
)
"""Whole lines; what stands in braces is taken over but for the phrases above."""
