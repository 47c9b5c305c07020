"""What `verify` says of the battery, and the same in Japanese; families and cases keep the names that they are asked for by."""

from __future__ import annotations

LINES: tuple[tuple[str, str], ...] = (
    ("`{command}` (re-test seed {seed}), rules {rules}; {made}.", "`{command}`（再試験の種 {seed}）、規則 {rules}。{made}。"),
    ("Failed: {names}.", "不合格：{names}。"),
)
SAYINGS: tuple[tuple[str, str], ...] = (
    ("holds", "合格"),
    ("holds ({n} re-tested)", "合格（再試験 {n}）"),
    ("{n} of {n2} fail", "{n2} 中 {n} が不合格"),
    ("{n} of {n2} fail ({n3} re-tested)", "{n2} 中 {n} が不合格（再試験 {n3}）"),
    ("identities: all runs", "恒等式：すべての実行"),
    ("random numbers: streams", "乱数：系列"),
    ("random numbers: distributions", "乱数：分布"),
    ("random numbers: {name}", "乱数：{name}"),
    ("determinism: same bits", "決定性：同一のビット列"),
    ("twins: random networks", "両エンジン：無作為な網"),
    ("decisions: {name}", "判断：{name}"),
    ("calibration: {name}", "校正：{name}"),
    ("{n} runs", "実行 {n} 回"),
    ("{n} events", "事象 {n}"),
    ("largest relative error {size}", "相対誤差の最大 {size}"),
    ("{n} networks", "網 {n}"),
    ("{n} of {n2} features", "機能 {n2} 中 {n}"),
    ("{n} differ", "相違 {n}"),
    ("{n} fits to known truths", "既知の真値への当てはめ {n} 回"),
    ("{counts} intervals of 95 % hold it", "95 % 区間が真値を含む回数 {counts}"),
    ("accepted {n} to {n2}", "許容 {n} ～ {n2}"),
    ("{n} streams in {n2} ways", "{n2} 通りに {n} 系列"),
    ("largest / bound {n}", "最大／限界 {n}"),
    ("{n} laws", "分布 {n}"),
    ("{n} draws each", "各 {n} 回抽出"),
    ("least p-value {n}", "最小の p 値 {n}"),
    ("{n} trials", "試行 {n} 回"),
    ("{n} right ({n2} needed)", "正答 {n}（必要 {n2}）"),
    ("{n} cover ({n2} to {n3})", "被覆 {n}（{n2} ～ {n3}）"),
    ("{n} times fewer replications ({n2} needed)", "反復が {n} 分の1（必要 {n2} 分の1）"),
    ("bias {n} % of a margin", "偏りは余裕の {n} %"),
    ("{n} comparisons", "比較 {n}"),
    ("{n} equal", "一致 {n}"),
)
