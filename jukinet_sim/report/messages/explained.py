"""What `explain` and `demo` print around keys, metrics, profiles and links, and the same in Japanese."""

from __future__ import annotations

LINES: tuple[tuple[str, str], ...] = (
    (
        "Service levels (slo) can bound every metric. Those marked sum can be summed by measures, and those marked "
        "rank are kept of every place of a station or pool (--worst STATION:METRIC). Those marked w can be judged "
        "in a window of the run (window: busiest 1 h), those marked p at one place or the worst (place: worst), of a "
        "latency its mean and max. Points of a latency are mean, p50, p90, p95, p99 and max: wait.p99.",
        "サービス水準（slo）はどの指標にも設けられる。「合計」の印があるものは measures で合計でき、「順位」の印があるものは"
        "ステーション・プールの箇所ごとに残る（--worst STATION:METRIC）。w は期間を切って（window: busiest 1 h）、p は1箇所"
        "または最悪の箇所で（place: worst）判定でき、遅延では平均と最大に限る。遅延の点は mean、p50、p90、p95、p99、max："
        "wait.p99。",
    ),
    (
        "jukinet explain METRIC   tells where one stands in the result document, such as: jukinet explain wait.p99",
        "jukinet explain METRIC   で結果文書内の位置を表示。例：jukinet explain wait.p99",
    ),
    ("{name} (metric of a {status})", "{name}（{status}の指標）"),
    ("  unit      {status}", "  単位      {status}"),
    ("  in --json {path}", "  --json 内 {path}"),
    ("  judge it  {slo}", "  判定      {slo}"),
    ("  sum it    {slo}", "  合計      {slo}"),
    ("  where     {slo}", "  窓・箇所  {slo}"),
    ("  rank by it  {slo}", "  順位      {slo}"),
    (
        "Calendar profiles say when things happen, never how many. Times of the day are Japan Standard Time.",
        "暦のプロファイルは量ではなく時期を表す。時刻は日本標準時。",
    ),
    (
        "Below a seasonal profile's day stand its months from April to March.",
        "季節のあるプロファイルでは、1日の下に4月から3月までの各月を示す。",
    ),
    (
        "Cadences say on which days files are sent, monthly ones on the first business day:",
        "送付の周期はファイルを送る日を表す（毎月のものは最初の営業日）：",
    ),
    (
        "jukinet explain NAME   draws one, such as: jukinet explain residents",
        "jukinet explain NAME   で1つを図示。例：jukinet explain residents",
    ),
    ("{name} (calendar profile)", "{name}（暦のプロファイル）"),
    ("  source    {status}: {why}", "  出所      {status}：{why}"),
    ("  an ordinary Monday, half an hour a mark", "  通常の月曜日（1文字30分）"),
    ("  share of the year in each month", "  年間に占める各月の割合"),
    (
        "  April to December 2012 holds {n} % of the fiscal year.",
        "  2012年4月から12月までは年度の {n} %。",
    ),
    (
        "Links take a message from one machine to another: {example}.",
        "リンクは電文を機器から機器へ運ぶ：{example}。",
    ),
    (
        "A scenario file has these keys; `jukinet explain KEY` says more.",
        "シナリオファイルのキーは次のとおり。詳しくは `jukinet explain KEY`。",
    ),
    (
        "`jukinet explain metrics` lists what can be judged and summed, `jukinet explain profiles` the calendar "
        "profiles and `jukinet explain links` the links that there are.",
        "判定・合計できる指標は `jukinet explain metrics`、暦のプロファイルは `jukinet explain profiles`、リンクは "
        "`jukinet explain links` で一覧。",
    ),
    ("  kind      {kind}", "  種類      {kind}"),
    ("  default   {status}", "  既定値    {status}"),
    ("  value     {value}", "  値        {value}"),
    ("  set at    not set in {file}: the default", "  設定箇所  {file} に設定なし（既定値）"),
    ("  set at    {file}", "  設定箇所  {file}"),
    ("  in file   not used in {file}", "  ファイル  {file} では未使用"),
    (
        "  source    set by the author of the scenario; nobody vouches for it",
        "  出所      シナリオの作者が設定（裏付けなし）",
    ),
    ("  printed   {value}", "  記載値    {value}"),
    ("  range     {value}", "  幅        {value}"),
    ("Below it:", "下位のキー："),
    (
        "{file} is a scenario: {title}. {about}",
        "{file} はシナリオの例：{title}. {about}",
    ),
    (
        "It compiles to {n} stations, {n2} pools and {n3} flows. Each flow's jobs arrive at random and queue at the "
        "stations of "
        "their route; {n4} replications differ only in their random numbers, and their spread gives the ± of each figure.",
        "ステーション {n}、プール {n2}、フロー {n3} に展開される。各フローのジョブは無作為に到着し、経路のステーションに"
        "並ぶ。"
        "{n4} 回の反復は乱数だけが異なり、そのばらつきが各数値の ± になる。",
    ),
    (
        "Utilisation is the share of time that servers are busy; sojourn is the time from a job's arrival to its end, "
        "and wait the part of it spent in queues. Try next:",
        "利用率はサーバが働いている時間の割合、滞在時間はジョブの到着から終了まで、待ち時間はそのうち待ち行列にいる時間。"
        "次は：",
    ),
    ("  jukinet explain {rest}   where a number comes from", "  jukinet explain {rest}   数値の出所"),
    ("  jukinet validate {rest}   how loaded each station is", "  jukinet validate {rest}   各ステーションの負荷"),
    ("  jukinet check {rest}   records in against records out", "  jukinet check {rest}   入力と出力の件数の照合"),
    ("  jukinet run {rest}   what one server fewer does", "  jukinet run {rest}   サーバを1台減らした場合"),
)
SAYINGS: tuple[tuple[str, str], ...] = (
    ("left out", "なし（省略可）"),
    ("none: it must be given", "なし（必須）"),
    ("{why}: the mean", "{why}：平均"),
    ("{why}: the median", "{why}：中央値"),
    ("{why}: the {n}th percentile", "{why}：{n} パーセンタイル"),
    ("{why}: the longest", "{why}：最長"),
    ("the busiest bin has the largest value", "最繁の区間は値が最大のもの"),
    ("the busiest bin has the smallest value", "最繁の区間は値が最小のもの"),
    ("the worst place the largest one", "最悪の箇所は最大のもの"),
    ("the worst place the smallest one", "最悪の箇所は最小のもの"),
    ("time from arrival to the end of the route", "到着から経路の終わりまでの時間"),
    ("time queueing at stations and pools, of completed jobs", "ステーションとプールで待つ時間（完了したジョブ）"),
    ("the same of jobs that were lost or gave up as well", "同上（損失・放棄したジョブを含む）"),
    ("completed jobs per time", "単位時間に完了するジョブ"),
    ("lost jobs of those that arrived", "到着したジョブのうち損失の割合"),
    ("abandoned jobs of those that arrived", "到着したジョブのうち放棄の割合"),
    ("jobs that took longer than their due, of those judged", "判定対象のうち期限を超えたジョブの割合"),
    ("jobs inside, on average over time", "系内のジョブ数（時間平均）"),
    ("jobs that arrived", "到着したジョブ"),
    ("jobs that reached the end of their route", "経路の終わりに達したジョブ"),
    ("records of completed jobs", "完了したジョブの件数"),
    ("jobs that found a station full and did not try again", "満杯で拒否され、再試行しなかったジョブ"),
    ("jobs that gave up and did not try again", "断念し、再試行しなかったジョブ"),
    ("further attempts of jobs", "2回目以降の試行"),
    ("jobs that left after their due", "期限後に離脱したジョブ"),
    ("records of those jobs", "そのジョブの件数"),
    ("hours that completed jobs took in all", "完了したジョブの滞在時間の合計"),
    ("hours that completed jobs waited in all", "完了したジョブの待ち時間の合計"),
    ("hours that jobs were inside in all", "系内にいた時間の合計"),
    ("busy server-time of scheduled server-time", "予定されたサーバ時間のうち処理中の割合"),
    ("jobs that wait, on average over time", "待っているジョブ数（時間平均）"),
    ("jobs that wait, are served or are blocked, on average", "待ち・処理中・占有中のジョブ数（平均）"),
    ("finished visits per time", "単位時間に終わる処理"),
    ("working server-time of scheduled server-time", "予定されたサーバ時間のうち稼働の割合"),
    ("blocked server-time of scheduled server-time", "予定されたサーバ時間のうち占有の割合"),
    ("servers kept by served jobs, on average over time", "処理済みのジョブが占有するサーバ数（時間平均）"),
    ("visits that found the station full, of those offered", "満杯で拒否された処理の割合"),
    ("wait of each visit until service began", "処理開始までの待ち（処理ごと）"),
    ("the same of every visit, those that gave up included", "同上（放棄したものを含むすべての処理）"),
    ("visits that began within target_wait", "target_wait 以内に始まった処理の割合"),
    ("most that waited at once at any one place", "1箇所で同時に待った最大数"),
    ("who waits at the end of the run", "期間末に待っている数"),
    ("the longest unbroken time in which somebody waited", "待ちが途切れなかった最長の時間"),
    ("when that queue began", "その待ち行列の開始時刻"),
    ("finished visits", "終わった処理"),
    ("hours of service given", "処理時間の合計"),
    ("hours that jobs waited in all", "待ち時間の合計"),
    ("hours for which served jobs kept servers in all", "処理済みのジョブがサーバを占有した時間の合計"),
    ("hours in which scheduled servers did not work", "予定されたサーバが稼働しなかった時間"),
    ("tokens held, on average over time", "保持中のトークン数（時間平均）"),
    ("jobs that wait for a token, on average over time", "トークンを待つジョブ数（時間平均）"),
    ("wait for a token", "トークンの待ち時間"),
    ("hours that jobs waited for a token in all", "トークンの待ち時間の合計"),
    ("hours for which tokens were held in all", "トークンを保持した時間の合計"),
    ("a measure of the scenario, in its own unit", "シナリオの尺度（単位は尺度ごと）"),
)
