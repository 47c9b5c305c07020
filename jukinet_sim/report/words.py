"""The headings of result tables in English and Japanese."""

from __future__ import annotations

_JA = {
    "flow": "フロー",
    "station": "ステーション",
    "pool": "プール",
    "arrived": "到着",
    "completed": "完了",
    "records": "件数",
    "lost": "損失",
    "abandoned": "放棄",
    "retried": "再試行",
    "refused": "拒否",
    "available": "稼働",
    "sojourn": "滞在時間",
    "wait": "待ち時間",
    "mean": "平均",
    "utilisation": "利用率",
    "busiest hour": "最繁時",
    "in the hour from": "その時刻",
    "from, at": "時刻・場所",
    "queue": "待ち行列",
    "inside": "滞留数",
    "in use": "使用中",
    "month": "月",
    "service level": "サービス水準",
    "value": "値",
    "met": "達成",
    "missed": "未達",
    "undecided": "判定不能",
    "provision": "提供",
    "reported": "報告値",
    "expected": "期待値",
    "simulated": "模擬値",
    "difference": "差",
    "sum": "合計",
    "inputs conserved": "入力の保存",
    "validated against theory": "理論値との照合",
    "theory": "理論",
    "metric": "指標",
    "place": "場所",
    "municipality": "市区町村",
    "prefecture": "都道府県",
    "agency": "利用機関",
    "places": "箇所数",
    "visits": "処理数",
    "highest": "最高",
    "longest": "最長",
    "max": "最大",
    "began": "開始",
    "queue peak": "最大待ち行列",
    "queue at end": "終了時の待ち行列",
    "longest queue": "最長の滞留",
    "drained after repair": "復旧後の解消",
    "still blocked": "滞留中",
    "every other reported figure": "その他の報告値",
    "figure": "数値",
    "computed": "計算値",
    "in the scenario": "シナリオの値",
    "reason": "理由",
    "conserved": "保存",
    "derived": "導出",
    "structure": "構造",
    "not a flow": "対象外",
    "measure": "尺度",
    "unit": "単位",
    "headline": "主要結果",
    "by chance": "偶然による幅",
    "over our assumptions": "仮定による幅",
    "mostly by": "主な要因",
    "parameter": "母数",
    "observed": "観測値",
    "was": "以前",
    "is": "推定値",
    "from": "下限",
    "to": "上限",
    "change": "変化",
    "relative": "相対差",
    "in errors": "誤差比",
}


class Words:
    """Translates the words of a heading, one by one where a heading is made of several."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._known = _JA if language == "ja" else {}

    def __call__(self, *words: str) -> str:
        """Return a heading; words that are not in the list, such as units and p95, stay as they are."""
        return " ".join(self._known.get(word, word) for word in words if word)
