"""Titles, axes and notes of charts."""

from __future__ import annotations

from collections.abc import Mapping

CHARTS: Mapping[str, tuple[str, str]] = {
    "chart.flow_series": ("Jobs in the system, flow by flow", "系内のジョブ数（フロー別）"),
    "chart.station_series": (
        "Busy servers and jobs that wait, station by station",
        "稼働サーバ数と待ちジョブ数（ステーション別）",
    ),
    "chart.latency": ("Time from arrival to completion", "到着から完了までの時間"),
    "chart.latency.note": (
        "From the quantiles that the store keeps, on a logarithmic axis; whiskers: the longest.",
        "保存された分位数による（対数軸）。線の端は最長。",
    ),
    "chart.heat": ("When each station is busy", "各ステーションの繁忙時間帯"),
    "chart.heat.note": (
        "Busy servers of all places, relative to the busiest bin of the same station.",
        "全箇所の稼働サーバ数。同じステーションの最繁時間帯に対する割合。",
    ),
    "chart.busiest": ("Busiest hour of each station, at its busiest place", "各ステーションの最繁時（最も忙しい箇所）"),
    "chart.busiest.note": (
        "The run kept no series, so that only the busiest hour is known; run.series: 1 h keeps them.",
        "この実行は時系列を保存していないため、最繁時のみを示す。run.series: 1 h で保存できる。",
    ),
    "chart.map": ("Prefectures", "都道府県別"),
    "chart.map.note": ("One tile for each prefecture; a stronger colour is more.", "1マスが1都道府県。色が強いほど大きい。"),
    "chart.convergence": ("What replications agree on", "反復による収束"),
    "chart.convergence.note": (
        "Mean over the replications so far, from three on with its 95 % interval (Student's t), relative to the final mean.",
        "それまでの反復の平均と、3回以上では95 %信頼区間（t分布）。最終平均に対する比。",
    ),
    "axis.time": ("time", "時刻"),
    "axis.hour": ("hour of the day", "時刻（時）"),
    "axis.simulated_time": ("simulated time ({unit})", "シミュレーション時間（{unit}）"),
    "axis.jobs": ("jobs", "ジョブ数"),
    "axis.seconds": ("time", "時間"),
    "axis.flow": ("flow", "フロー"),
    "axis.station": ("station", "ステーション"),
    "axis.replications": ("replications", "反復数"),
    "axis.relative": ("relative to the final mean", "最終平均に対する比"),
    "axis.share_of_peak": ("of its peak", "最繁時比"),
    "axis.busiest_place": ("busiest place", "最も忙しい箇所"),
    "axis.utilisation": ("utilisation", "利用率"),
    "series.mean": ("mean over replications", "反復の平均"),
    "series.band": ("range over replications", "反復の範囲"),
    "series.busy": ("busy servers", "稼働サーバ数"),
    "series.queue": ("waiting", "待ち"),
    "series.in_system": ("jobs in the system", "系内ジョブ数"),
    "series.warm_up": ("warm-up", "立ち上がり"),
    "pick.part": ("show", "表示"),
    "pick.metric": ("show", "表示"),
    "point.p50": ("median", "中央値"),
    "point.p90": ("p90", "90 %点"),
    "point.p95": ("p95", "95 %点"),
    "point.p99": ("p99", "99 %点"),
    "point.max": ("longest", "最長"),
    "map.utilisation_highest": (
        "{group}: utilisation of the busiest place, {unit}",
        "{group}：最も忙しい箇所の利用率（{unit}）",
    ),
    "map.visits_per_s": ("{group}: visits per second", "{group}：毎秒処理数"),
    "map.wait_mean_s": ("{group}: mean wait, {unit}", "{group}：平均待ち時間（{unit}）"),
    "map.wait_max_s": ("{group}: longest wait, {unit}", "{group}：最長待ち時間（{unit}）"),
    "map.queue_peak": ("{group}: longest queue, jobs", "{group}：最大待ち行列（件）"),
    "map.longest_queue_s": ("{group}: longest time with a queue, {unit}", "{group}：最長の滞留（{unit}）"),
    "map.in_use": ("{group}: tokens in use", "{group}：使用中トークン数"),
}
