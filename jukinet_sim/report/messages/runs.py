"""What runs, plans and comparisons of scenarios print in lines, and the same in Japanese."""

from __future__ import annotations

LINES: tuple[tuple[str, str], ...] = (
    (
        "no difference after resolving extends, overrides and defaults ({n} in names and descriptions: --all)",
        "extends・overrides・既定値を適用した後の差はない（名称と説明の差 {n} 件：--all）",
    ),
    ("no difference after resolving extends, overrides and defaults", "extends・overrides・既定値を適用した後の差はない"),
    ("{n} differences ({more} more in names and descriptions: --all)", "差 {n} 件（名称と説明にさらに {more} 件：--all）"),
    ("{n} difference ({more} more in names and descriptions: --all)", "差 {n} 件（名称と説明にさらに {more} 件：--all）"),
    ("{n} differences", "差 {n} 件"),
    ("{n} difference", "差 {n} 件"),
    (
        "jukinet explain KEY --in FILE tells what a key means and where its value comes from",
        "jukinet explain KEY --in FILE で項目の意味と値の出所を表示",
    ),
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
    ("unmoved, {names}: {why}.", "変わらず（{names}）：{why}。"),
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
    (
        "and {n} station to which nobody came: jukinet show {run} --all",
        "ほか処理のないステーション {n} 箇所：jukinet show {run} --all",
    ),
    ("and the lengths of the queues: jukinet show {run} --all", "ほかに待ち行列の長さ：jukinet show {run} --all"),
    ("and {n} stations without any load", "ほか負荷のないステーション {n} 箇所"),
    (
        "and {n} more busy places of {group}: jukinet show {run} --places --all",
        "ほか {group} の箇所 {n}：jukinet show {run} --places --all",
    ),
    ("and {n} more: --all shows them", "ほか {n} 件（--all で表示）"),
    ("and {n} points of experiments: jukinet ls --all", "ほか実験の各点 {n} 件：jukinet ls --all"),
    ("{family} in all: {n} flows, {records} records", "{family} 合計：フロー {n}、{records} 件"),
    (
        "The range holds 90 % of the samples; mostly by: the figure it goes up (+) or down (-) with, if one stands out from "
        "chance, which takes at least 20 samples.",
        "範囲は標本の 90 % を含む。主な要因：共に増える（+）または減る（-）数値のうち、偶然と区別できるもの（標本 "
        "20 以上が必要）。",
    ),
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
        "by {level}, the busiest first; mean % and highest % are the utilisation of the places",
        "{level} 別、忙しい順。平均 % と最高 % は各箇所の利用率",
    ),
)
SAYINGS: tuple[tuple[str, str], ...] = (
    (
        "the run is too short for its warm-up: half of it, {time}, is left out, and the number of jobs may still be drifting",
        "立ち上がりに対して期間が短すぎる：半分の {time} を除いたが、ジョブ数はまだ定常でない可能性がある",
    ),
    (
        "make the run longer, or ask jukinet validate whether the network can keep up",
        "期間を延ばすか、網が処理しきれるかを jukinet validate で確かめる",
    ),
    (
        "the pilot for the warm-up did not come to its end, so nothing is left out: {limit}",
        "立ち上がりを調べる予備実行が終わらず、何も除いていない：{limit}",
    ),
)
