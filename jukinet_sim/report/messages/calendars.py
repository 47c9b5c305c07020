"""What calendar profiles, cadences and links say of themselves, and the same in Japanese."""

from __future__ import annotations

LINES: tuple[tuple[str, str], ...] = (
    ("  Apr  {rest}", "  4月  {rest}"),
    ("  May  {rest}", "  5月  {rest}"),
    ("  Jun  {rest}", "  6月  {rest}"),
    ("  Jul  {rest}", "  7月  {rest}"),
    ("  Aug  {rest}", "  8月  {rest}"),
    ("  Sep  {rest}", "  9月  {rest}"),
    ("  Oct  {rest}", " 10月  {rest}"),
    ("  Nov  {rest}", " 11月  {rest}"),
    ("  Dec  {rest}", " 12月  {rest}"),
    ("  Jan  {rest}", "  1月  {rest}"),
    ("  Feb  {rest}", "  2月  {rest}"),
    ("  Mar  {rest}", "  3月  {rest}"),
    (
        "  business hours, daily, monthly, none, pension-pay-months (Apr Jun Aug Oct Dec), quarterly (Apr Jul Oct Dec), "
        "monthly from "
        "YYYY-MM (rows of provisions only)",
        "  business hours（執務時間）、daily（毎日）、monthly（毎月）、none（なし）、pension-pay-months（4・6・8・10・12"
        "月）、"
        "quarterly（4・7・10・12月）、monthly from YYYY-MM（提供の行のみ）",
    ),
)
SAYINGS: tuple[tuple[str, str], ...] = (
    ("the same intensity at every instant", "どの時点でも同じ強度"),
    ("the neutral choice: no shape is claimed", "中立の選択：形を仮定しない"),
    ("8:30-17:15 on business days, flat", "平日 8:30-17:15、一定"),
    ("published counter hours; that the day is flat is ours", "窓口時間は公表値、日中一定は当方の仮定"),
    ("8:30-17:15 on business days, busiest at opening and lunchtime", "平日 8:30-17:15、開庁直後と昼が最繁"),
    (
        "published hours; peaks x 1.5 (8:30-9:30) and x 1.4 (12:00-13:00) are ours, plausible range 1-2",
        "時間は公表値、山 1.5 倍（8:30-9:30）と 1.4 倍（12:00-13:00）は当方の仮定（ありうる幅 1-2）",
    ),
    ("9:00-17:00 on business days, flat", "平日 9:00-17:00、一定"),
    ("published hours of wide-area issue; the flat day is ours", "広域交付の時間は公表値、日中一定は当方の仮定"),
    (
        "8:00-18:00 on business days: a gate, when prefecture servers take what is sent to them",
        "平日 8:00-18:00：都道府県サーバが受け付けるゲート",
    ),
    (
        "closing at 18:00 is published (for 2003); opening at 8:00 is ours, plausible range 7:00-8:30",
        "18:00 の終了は公表値（2003年）、8:00 の開始は当方の仮定（ありうる幅 7:00-8:30）",
    ),
    ("6:30-23:00 every day, quieter before 8:30 and after 20:00", "毎日 6:30-23:00、8:30 前と 20:00 後は少なめ"),
    (
        "published hours of shop kiosks; x 0.4 early and x 0.5 late are ours, plausible range 0.2-1",
        "店舗端末の時間は公表値、早朝 0.4 倍と夜間 0.5 倍は当方の仮定（ありうる幅 0.2-1）",
    ),
    ("18:00-8:00 every night, flat", "毎夜 18:00-8:00、一定"),
    (
        "batches keep clear of counter hours; a window of 14 h, plausible range 8-15 h",
        "バッチは窓口時間を避ける。窓は 14 h（ありうる幅 8-15 h）",
    ),
    (
        "17:30-18:00 on business days: a gate, when small municipalities send the day's updates",
        "平日 17:30-18:00：小規模市町村がその日の更新を送るゲート",
    ),
    (
        "once a day is published, the hour is not; after the counter closes, before prefectures close",
        "1日1回は公表、時刻は非公表。閉庁後、都道府県の終了前とした",
    ),
    ("counter hours x the months of moves between municipalities", "窓口時間 × 市区町村間の転居の月別分布"),
    (
        "national shares of March and April 2019, other months from one large city's FY2012; each +-20 %",
        "3・4月は2019年の全国の割合、他の月は大都市1市の2012年度（各 ±20 %）",
    ),
    ("counter hours x the months of births and deaths together", "窓口時間 × 出生・死亡の月別分布"),
    (
        "one large city's FY2012 series weighted by the national counts of births and deaths; each +-20 %",
        "大都市1市の2012年度の系列を全国の出生・死亡数で加重（各 ±20 %）",
    ),
    ("counter hours x the months of all resident-record updates", "窓口時間 × 住民記録の全更新の月別分布"),
    (
        "moves at both ends, moves within towns, births, deaths and other changes weighted by their yearly volumes; from "
        "assumed "
        "monthly shares and partly assumed volumes, +-25 %",
        "転出入、転居、出生、死亡、その他の異動を年間の件数で加重。月別の割合は仮定、件数も一部仮定（±25 %）",
    ),
    ("counter hours x the months in which cards are issued", "窓口時間 × カード交付の月別分布"),
    (
        "580,000 cards in April-December 2012 (reported) and 101,000 a month in January-March 2013 (derived); that the "
        "months "
        "within either are alike, and other years too, is ours",
        "2012年4-12月の 580,000 枚（報告値）と2013年1-3月の月 101,000 枚（導出）。期間内の各月と他の年も同様とするのは当"
        "方の仮定",
    ),
    (
        "8:30-24:00 every day x the months of tax returns: certificates checked by those who rely on them",
        "毎日 8:30-24:00 × 確定申告の月別分布：署名検証者による証明書の確認",
    ),
    (
        "returns are due from 16 February to 15 March; January x 2, February and March x 5 against the others are ours, "
        "plausible "
        "range 1-3 and 2-10; so are the hours, plausible up to 24 h",
        "申告期間は2月16日から3月15日。他の月に対し1月 2 倍、2・3月 5 倍は当方の仮定（ありうる幅 1-3 と 2-10）。"
        "時間帯も仮定（24 h までありうる）",
    ),
    (
        "firewall and line of the municipality, firewall and HSM of its prefecture",
        "市区町村のファイアウォールと回線、その都道府県のファイアウォールと HSM",
    ),
    ("the same, to the prefecture of the job's other end", "同上、相手側の都道府県へ"),
    (
        "through the prefecture's firewall and line, without its server, to the national HSM",
        "都道府県のファイアウォールと回線を通り、そのサーバを経ずに全国の HSM へ",
    ),
    (
        "line out, way, line in: the path on which no acknowledgement is waited for",
        "送信回線、経路、受信回線：応答を待たない経路",
    ),
    ("line of the prefecture, firewall and HSM of the nation", "都道府県の回線、全国のファイアウォールと HSM"),
    ("back to the municipality that asked", "照会元の市区町村へ戻る"),
    ("back from the prefecture of the other end", "相手側の都道府県から戻る"),
    ("back to the prefecture", "都道府県へ戻る"),
    (
        "through the national firewall on the agencies' side, in or out",
        "利用機関側の全国ファイアウォールを通る（出入り）",
    ),
)
