"""What the first screen of a page says."""

from __future__ import annotations

from collections.abc import Mapping

GLANCE: Mapping[str, tuple[str, str]] = {
    "as_is": ("{text}", "{text}"),
    "verdict.none": ("No service level is set: nothing is judged", "サービス水準の設定なし（判定なし）"),
    "verdict.met": ("All {all} service levels are met", "サービス水準 {all} 項目すべて達成"),
    "verdict.missed": ("{missed} of {all} service levels missed", "サービス水準 {all} 項目中 {missed} 項目が未達"),
    "verdict.met_one": ("The service level is met", "サービス水準を達成"),
    "verdict.missed_one": ("The service level is missed", "サービス水準が未達"),
    "verdict.undecided": (
        "{undecided} of {all} service levels cannot be decided",
        "サービス水準 {all} 項目中 {undecided} 項目が判定不能",
    ),
    "verdict.answer": ("Answer: {answer}", "回答：{answer}"),
    "verdict.growth": ("All traffic may grow {factor}-fold", "負荷は {factor} 倍まで可能"),
    "verdict.no_answer": ("No value meets every service level", "すべてのサービス水準を満たす値なし"),
    "verdict.compared": (
        "{name} against {first}: {more} figures are more, {less} less, {same} not told apart",
        "{first} に対する {name}：増 {more} 項目、減 {less} 項目、差なし {same} 項目",
    ),
    "verdict.changed": (
        "The largest changes: {changes}.",
        "変化の大きいもの：{changes}",
    ),
    "verdict.swept": ("{met} of {all} points meet every service level", "{all} 点中 {met} 点がすべてのサービス水準を達成"),
    "verdict.points": ("{all} points were run", "{all} 点を実行"),
    "verdict.measure_first": ("Measure first: {key}", "最初に測るべきもの：{key}"),
    "verdict.nothing_first": ("No assumption stands out", "突出した仮定なし"),
    "verdict.fitted": ("{all} parameters fitted", "{all} 母数を推定"),
    "verdict.experiment": ("{verb} of {scenario}", "{scenario} の {verb}"),
    "warning.partial": ("Not a complete run: {why}", "実行は完了していない：{why}"),
    "warning.one_replication": (
        "One replication only: how far chance moves these figures is not known.",
        "反復は1回のみ。偶然による幅は不明。",
    ),
    "glance.worst": ("What is worst", "最も厳しい点"),
    "glance.limits": ("What limits it, and what to do", "制約と対策"),
    "glance.assumed": ("How much of it is assumption", "仮定の度合い"),
    "worst.missed": (
        "{level} is missed by most: {value}, {used} of its bound.",
        "未達が最も大きいもの：{level}（値 {value}、上限の {used}）",
    ),
    "worst.missed_at": (
        "{level} is missed by most: {value}, {used} of its bound, from {where}.",
        "未達が最も大きいもの：{level}（値 {value}、上限の {used}、{where}）",
    ),
    "worst.nearest": (
        "Nearest to its bound is {level}: {value}, {used} of it.",
        "上限に最も近いもの：{level}（値 {value}、上限の {used}）",
    ),
    "worst.nearest_at": (
        "Nearest to its bound is {level}: {value}, {used} of it, from {where}.",
        "上限に最も近いもの：{level}（値 {value}、上限の {used}、{where}）",
    ),
    "worst.none": ("Nothing is judged, so nothing is worst.", "判定対象がないため該当なし。"),
    "incident.began": ("Incident {name}, from {began}, {lasts}:", "障害 {name}（{began} から {lasts}）："),
    "incident.nothing": ("nobody waited because of it.", "これによる待ちなし。"),
    "incident.waited": (
        "{waiting} waited at {part} when it ended, {hours} h of waiting in all.",
        "終了時の待ち {part} {waiting} 件（延べ {hours} 時間）。",
    ),
    "incident.waited_at_places": (
        "{waiting} waited at {part} in {places} places when it ended, {hours} h of waiting in all.",
        "終了時の待ち {part} {waiting} 件・{places} 箇所（延べ {hours} 時間）。",
    ),
    "incident.blocked": ("{places} places are still blocked at the end.", "{places} 箇所は最後まで滞留。"),
    "limit.none": ("No station has anything to do.", "処理のあるステーションなし。"),
    "limit.file": (
        "The largest file of {flow} ({records} records) gives way first: alone on its way it takes {takes} of the {has} that "
        "it has. Its records may grow {growth}-fold.",
        "最初に限界となるのは {flow} の最大ファイル（{records} 件）："
        "単独でも {has} のうち {takes} を要する。件数は {growth} 倍まで。",
    ),
    "limit.offered": (
        "{part} gives way first: it is offered {load} of what it can do in the hour from {begins}, {share} of it by {flow}. "
        "Load may grow {growth}-fold.",
        "最初に限界となるのは {part}：{begins} からの1時間に能力の {load} の負荷（{flow} が {share}）。"
        "負荷は {growth} 倍まで。",
    ),
    "limit.offered_at": (
        "{part} gives way first, at {place}: it is offered {load} of what it can do in the hour from {begins}, {share} of it "
        "by {flow}. Load may grow {growth}-fold.",
        "最初に限界となるのは {place} の {part}：{begins} からの1時間に能力の {load} の負荷（{flow} が {share}）。"
        "負荷は {growth} 倍まで。",
    ),
    "limit.simulated": (
        "{part} is the busiest: {load} of its servers at work. Load may grow {growth}-fold.",
        "最も忙しいのは {part}：利用率 {load}。負荷は {growth} 倍まで。",
    ),
    "limit.simulated_at": (
        "{part} is the busiest: {load} of its servers at work in the hour from {at}. Load may grow {growth}-fold.",
        "最も忙しいのは {part}：最繁時の利用率 {load}（{at}）。負荷は {growth} 倍まで。",
    ),
    "todo.file": (
        "Send it in parts, or shorten the service of the stations on its way.",
        "対策：ファイルを分割するか、経路上の処理時間を短縮する。",
    ),
    "todo.enough": (
        "What moves it is {key}; to find what is enough: {command}",
        "対策となる項目は {key}。十分な値を求めるには：{command}",
    ),
    "todo.key": (
        "What moves it is {key}; to see what more of it does: {command}",
        "対策となる項目は {key}。増やした効果を見るには：{command}",
    ),
    "todo.plenty": (
        "Nothing has to be done for capacity. When it does, {key} is what moves it: {command}",
        "容量の対策は当面不要。必要になった場合の項目は {key}：{command}",
    ),
    "todo.no_key": ("What else is near its limit: {command}", "他の制約を見るには：{command}"),
    "assumed.none": (
        "The scenario says of none of its numbers where it comes from: all of them were set by its author.",
        "シナリオの数値には出所の記載がない（すべて作成者の設定値）。",
    ),
    "assumed.count": (
        "Of {all} figures, {reported} are reported, {derived} derived, {assumed} assumed and {set} set by the author; "
        "{uncertain} rest on assumptions.",
        "数値 {all} 個のうち、報告 {reported}、導出 {derived}、仮定 {assumed}、作成者の設定 {set}。"
        "仮定に基づくもの {uncertain} 個。",
    ),
    "assumed.not_sampled": (
        "What these assumptions do to the results has not been sampled: {command}",
        "仮定が結果に及ぼす影響は未評価。評価するには：{command}",
    ),
    "assumed.mostly": (
        "Over our assumptions {level} ranges over {range}, mostly by {key}.",
        "仮定により {level} は {range} の範囲で変わる（主な要因 {key}）。",
    ),
    "assumed.sampled": (
        "The assumptions were sampled: see the column beside each service level. No single figure stands out.",
        "仮定の影響は評価済み（各水準の欄を参照）。突出した要因はない。",
    ),
}
