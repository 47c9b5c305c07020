"""Why the local server does not do what it was asked for, and the same in Japanese."""

from __future__ import annotations

LINES: tuple[tuple[str, str], ...] = (
    ("this is no JSON", "JSON ではない"),
    ("an object of JSON is expected", "JSON のオブジェクトが必要"),
    ('"{key}" is a text', "「{key}」は文字列で指定する"),
    ('"{key}" is a whole number from 1 on', "「{key}」は 1 以上の整数で指定する"),
    ('"{key}" is a whole number', "「{key}」は整数で指定する"),
    ("{name} is not UTF-8 text; save it as UTF-8", "{name} は UTF-8 ではない。UTF-8 で保存し直す"),
    ("this text cannot be written as UTF-8", "この本文は UTF-8 で書けない"),
    (
        "there is no such run; the server may have been started again since",
        "その実行は見つからない。サーバが再起動された可能性がある",
    ),
    ("there is no such run", "その実行は見つからない"),
    ("experiments are not compared; choose two runs", "実験どうしは比較できない。実行を2つ選ぶ"),
    (
        "only runs with the same seed are compared, over two replications or more that both have",
        "比較できるのは、同じシードで、共通の反復が2回以上ある実行のみ",
    ),
    (
        "comparing them takes longer than {n} s; use jukinet compare",
        "比較に {n} 秒以上かかる。jukinet compare を使う",
    ),
    ("they cannot be compared", "比較できない"),
    (
        '"{name}" is no name of a scenario file; write letters, digits, "-" and "_", and .yaml',
        "「{name}」はシナリオのファイル名にできない。英数字・「-」・「_」と .yaml で指定する",
    ),
    ('"{name}" leads out of the folder; name a file in it', "「{name}」はフォルダの外を指す。フォルダ内のファイルを指定する"),
    ('there is no scenario "{name}" here', "シナリオ「{name}」はここにない"),
    ("{name} cannot be read: {reason}", "{name} を読めない：{reason}"),
    ("{name} is larger than a scenario may be", "{name} はシナリオの上限より大きい"),
    (
        "shipped scenarios stay as they are; save it under a name of your own",
        "付属のシナリオは変更できない。別名で保存する",
    ),
    (
        "a scenario has at most 1 MiB; move long tables to CSV files",
        "シナリオは 1 MiB まで。長い表は CSV ファイルに移す",
    ),
    ("there is no folder {name} here", "フォルダ {name} はここにない"),
    (
        "{name}: there is a file of this name already; load it again, or save under another name",
        "{name}：同名のファイルがある。読み込み直すか、別名で保存する",
    ),
    (
        "{name}: the file has changed on disk; load it again, or save under another name",
        "{name}：ファイルが変更されている。読み込み直すか、別名で保存する",
    ),
    ("{name} is being run; stop it, or wait for its end", "{name} を実行中。停止するか、終了を待つ"),
    ('"{name}" is no name of a run', "「{name}」は実行の名前ではない"),
    ("there is no run {name}", "実行 {name} は見つからない"),
    ("{page} of {name} is a link; delete it, and the report is made", "{name} の {page} はリンク。削除すると報告書を作成する"),
)
SAYINGS: tuple[tuple[str, str], ...] = ()
