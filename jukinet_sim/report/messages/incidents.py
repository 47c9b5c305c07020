"""What is said of incidents, of those who wait for ever and of what is on record, and the same in Japanese."""

from __future__ import annotations

LINES: tuple[tuple[str, str], ...] = (
    ("INCIDENT {name}, {when} for {lasts}: {did}", "障害 {name}（{when} から {lasts}）：{did}"),
    ("incident {name}, {when} for {lasts}: {did}", "障害 {name}（{when} から {lasts}）：{did}"),
    ("and {n} more back-logs at {part}: --all shows them", "ほか {part} の滞留 {n} 件（--all で表示）"),
    (
        "The record tells of one run of the real thing: 95 % of runs is where one further run would lie. Each "
        "replication is left "
        "out in turn, and the band of the others has to reach what the words of the record allow, in as many cases as a "
        "band that "
        "keeps its level does (17 of 20). What was given, put in from the record, is not judged.",
        "記録は実物の1回の経過を伝える。95 % の範囲は、もう1回実行したときに入る範囲。反復を1つずつ除き、残りの範囲が記録の"
        "言葉の許す値に届くことを、水準を保つ範囲と同じ回数（20 中 17）だけ求める。記録から入力した与件は判定しない。",
    ),
    (
        "The list of municipalities is generated: places called by a prefecture and a number, such as Kagawa-10, are "
        "made up, with "
        "their sizes, the sizes of Tokyo's wards and every place's share of card holders. As published are the number "
        "and the "
        "residents of each prefecture and the designated cities; a CSV file of your own takes the list's place.",
        "市区町村の一覧は生成したもの。Kagawa-10 のように都道府県名と番号で呼ぶ場所と、その規模、東京の区の規模、"
        "各地のカード保有率は架空。各都道府県の市区町村数と住民数、指定都市は公表値。自前の CSV ファイルに差し替えられる。",
    ),
    ("STUCK: {did}", "行き詰まり：{did}"),
    (
        "  {jobs} of {flow} holds {held} and waits for {part}, since {time}",
        "  {flow} の {jobs} が {held} を保持したまま {part} を待つ（{time} から）",
    ),
    (
        "  {jobs} of {flow} hold {held} and wait for {part}, since {time}",
        "  {flow} の {jobs} が {held} を保持したまま {part} を待つ（{time} から）",
    ),
    (
        "  Figures hold for the time before it only. Take the pools in the same order everywhere, or give the flows a "
        "timeout.",
        "  数値はそれ以前についてのみ有効。どこでもプールを同じ順に取得するか、フローに timeout を設ける。",
    ),
    (
        "  Figures hold for the time before it only. Give one of the stations a larger capacity, let one of the visits "
        "do without hold, or give the flows a timeout.",
        "  数値はそれ以前についてのみ有効。いずれかのステーションの容量を増やすか、処理の hold をやめるか、フローに "
        "timeout を"
        "設ける。",
    ),
    (
        "WARNING: {n} of {all} samples failed and are left out, the first: {why}",
        "警告：標本 {all} のうち {n} は失敗のため除外、最初の理由：{why}",
    ),
    ("PARTIAL: the samples that were finished are used", "途中まで：完了した標本を使用"),
    ("INTERRUPTED: the samples that were finished are used", "中断：完了した標本を使用"),
    ("PARTIAL: {why}", "途中まで：{why}"),
    ("INTERRUPTED: {why}", "中断：{why}"),
    ("WARNING: {why}", "警告：{why}"),
    (
        "Over our assumptions: {n} samples of {figures} with a range, one replication each, {why}.",
        "仮定の標本：幅のある数値 {figures} を {n} 通り引き直し、反復1回ずつ。{why}。",
    ),
    (
        "*: of the sampled network itself: with the scenario's own values it has none, so there is nothing to scale by.",
        "*：標本とした網自体の値。シナリオの値ではゼロのため、換算の基準がない。",
    ),
)
SAYINGS: tuple[tuple[str, str], ...] = (
    ("nobody waited because of it", "これによる待ちなし"),
    ("nobody waited at {part} any more when it ended", "終了時に {part} の待ちなし"),
    ("{n} waited at {part} at {n2} places when it ended", "終了時に {part} の {n2} 箇所で {n} 件が待機"),
    ("{n} waited at {part} when it ended", "終了時に {part} で {n} 件が待機"),
    ("after {n} h of waiting in all", "待ちは延べ {n} h"),
    ("the last worked off at once", "復旧と同時に解消"),
    ("the last worked off {time} after the repair", "最後の解消は復旧の {time} 後"),
    ("{n} still blocked at the end of the run", "期間末にも {n} 箇所で滞留"),
    ("a back-log of {part} at {n} places", "{part} の {n} 箇所で滞留"),
    ("a back-log of {part} at {n} place", "{part} の {n} 箇所で滞留"),
    ("a back-log at {part}", "{part} で滞留"),
    ("the last was worked off at once", "復旧と同時に解消"),
    ("the last was worked off {time} after the repair", "最後の解消は復旧の {time} 後"),
    ("nobody stays blocked", "残る滞留なし"),
    ("nobody waited at {part}", "{part} の待ちなし"),
    (
        "{n} h of waiting in all at {part}, in queues shorter than those of other times or than a minute",
        "{part} の待ちは延べ {n} h（待ち行列は他の時期より短いか、1分未満）",
    ),
    ("whose servers are kept by jobs that wait for each other", "互いを待つジョブがサーバを占有"),
    ("where nobody serves", "処理するサーバなし"),
    ("in {n} of {n2} replications", "反復 {n2} 中 {n}"),
    ("since {time}", "{time} から"),
    ("the first came at {time}", "最初の到着は {time}"),
    ("{n} jobs inside for good", "{n} ジョブが残り続ける"),
    ("{n} job inside for good", "{n} ジョブが残り続ける"),
    ("deadlock of pools {part}", "プール {part} のデッドロック"),
    ("deadlock of pool {part}", "プール {part} のデッドロック"),
    ("deadlock of {part}", "{part} のデッドロック"),
    ("jobs wait for ever for a token of {part}", "ジョブが {part} のトークンを待ち続ける"),
    ("jobs wait for ever at station {part}", "ジョブがステーション {part} で待ち続ける"),
    ("jobs of {flow} wait for ever at a gate", "{flow} のジョブがゲートで待ち続ける"),
    ("not all replications ran", "一部の反復のみ実行"),
    ("on the network of the run", "実行と同じ網を使用"),
    (
        "on a nation of one municipality in {n}: stations that all share see about 1/{n2} of the residents' load there",
        "市区町村を {n} 分の1に間引いた全国を使用：共用のステーションの負荷は住民の約 1/{n2}",
    ),
    ("amounts are scaled to the run by ratio, latencies are as sampled", "量は比率で実行に換算、遅延は標本のまま"),
    ("the same in every sample: no figure that is varied enters it", "どの標本でも同じ：引き直した数値と無関係"),
    (
        "0 in every sample: no figure, as far as its range goes, brings one about",
        "どの標本でも 0：数値を幅いっぱいに動かしても発生しない",
    ),
    (
        "0 in every sample: no figure, as far as its range goes, brings one about. One municipality in {n} loads what "
        "all share "
        "less than the nation does: --every 1 samples it all",
        "どの標本でも 0：数値を幅いっぱいに動かしても発生しない。{n} 分の1に間引いた全国では共用部の負荷が軽い（--every 1 で"
        "全体から標本）",
    ),
    ("nothing observed", "観測なし"),
    ("nothing observed there", "その期間・場所に観測なし"),
)
