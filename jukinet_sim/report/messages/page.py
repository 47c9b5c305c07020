"""What pages say."""

from __future__ import annotations

from collections.abc import Mapping

from jukinet_sim.report.messages.glance import GLANCE

_HEADINGS: Mapping[str, tuple[str, str]] = {
    "page.report": ("Report", "報告書"),
    "page.glance": ("At a glance", "概要"),
    "page.levels": ("Service levels", "サービス水準"),
    "page.where": ("Where", "場所"),
    "page.when": ("When", "時間"),
    "page.latency": ("How long it takes", "所要時間"),
    "page.measures": ("Measures, and what our assumptions do to them", "尺度と仮定の影響"),
    "page.incidents": ("Incidents", "障害"),
    "page.flows": ("Flows", "フロー"),
    "page.stations": ("Stations and pools", "ステーションとプール"),
    "page.limits": ("What gives way first", "最初に限界となるもの"),
    "page.reported": ("Reported against simulated", "報告値と模擬値"),
    "page.theory": ("Against theory", "理論値との照合"),
    "page.months": ("What changes when, month by month", "変更の日程と月別の推移"),
    "page.people": ("Operators at their terminals", "操作者と端末"),
    "page.guards": ("Monitoring, and traffic that should not be there", "監視と不正な通信"),
    "page.crypto": ("Cipher suites", "暗号スイート"),
    "page.convergence": ("How sure it is", "確からしさ"),
    "page.assumptions": ("Every figure, with its reason", "すべての数値とその根拠"),
    "page.manifest": ("What was run, and how to run it again", "実行条件と再現方法"),
    "page.answer": ("Answer", "回答"),
    "page.tables": ("Tables", "表"),
    "page.made": (
        "Made by {program}. This page needs no network: nothing is loaded, nothing is sent.",
        "{program} により作成。本ページは通信を行わない。",
    ),
    "page.no_script": (
        "Charts need JavaScript; every table and figure on this page is here without it.",
        "図の表示には JavaScript が必要。表と数値はこのまま読める。",
    ),
    "button.language": ("日本語", "English"),
    "button.theme": ("light / dark", "明 / 暗"),
    "button.data": ("data (CSV)", "データ（CSV）"),
    "button.contents": ("Contents", "目次"),
}
_COLUMNS: Mapping[str, tuple[str, str]] = {
    "column.level": ("service level", "サービス水準"),
    "column.value": ("value", "値"),
    "column.chance": ("by chance (± of the value)", "偶然による幅（値に対する±）"),
    "column.assumption": ("over our assumptions", "仮定による幅"),
    "column.mostly": ("mostly by", "主な要因"),
    "column.used": ("of the bound", "上限に対する割合"),
    "column.verdict": ("verdict", "判定"),
    "column.where": ("from, at", "時刻・場所"),
    "column.key": ("key", "項目"),
    "column.status": ("source", "区分"),
    "column.range": ("range", "範囲"),
    "column.reason": ("reason", "根拠"),
    "verdict_word.met": ("met", "達成"),
    "verdict_word.missed": ("missed", "未達"),
    "verdict_word.undecided": ("undecided", "判定不能"),
    "status.assumed": ("assumed", "仮定"),
    "status.derived": ("derived", "導出"),
    "status.reported": ("reported", "報告"),
    "status.set": ("set", "設定"),
    "cell.not_sampled": ("not sampled", "未評価"),
}
_MANIFEST: Mapping[str, tuple[str, str]] = {
    "manifest.scenario": ("scenario", "シナリオ"),
    "manifest.verb": ("verb", "コマンド"),
    "manifest.variant": ("with", "変更"),
    "manifest.hash": ("hash", "ハッシュ"),
    "manifest.seed": ("seed", "乱数の種"),
    "manifest.replications": ("replications", "反復数"),
    "manifest.engine": ("engine", "エンジン"),
    "manifest.fingerprint": ("fingerprint", "指紋"),
    "manifest.rule_version": ("rules of the sample path", "標本路の規則"),
    "manifest.warm_up": ("warm-up", "立ち上がり"),
    "manifest.events": ("events", "事象数"),
    "manifest.packages": ("versions", "版"),
    "manifest.repeat": ("run it again", "再実行"),
    "manifest.same": ("compare every number", "全数値の照合"),
    "manifest.export": ("its numbers as files", "数値の出力"),
}
PAGE: Mapping[str, tuple[str, str]] = {**_HEADINGS, **_COLUMNS, **_MANIFEST, **GLANCE}
