"""What the drill's page has beside the look of the drift report."""

from __future__ import annotations

from cognito_standby.reconciliation.report.style import STYLE as REPORTS

__all__ = ["REPORTS", "STYLE"]

STYLE = (
    REPORTS
    + """
.simulated{border:2px solid var(--warn);--tone:var(--warn)}
.simulated h2{color:var(--warn);font-size:18px;margin-bottom:6px}
:root{--night:#1b2330;--on-night:#fff}
@media(prefers-color-scheme:dark){:root{--night:#05070a;--on-night:#cfd6e0}}
.tile em{display:block;font-style:normal;font-weight:600;margin-bottom:3px}
.claims td:first-child,.claims th:first-child{width:86px}.claims td:nth-child(2){width:46%}
.moments td{padding-right:18px}.moments td:nth-child(-n+4){width:1%;white-space:nowrap}
.tile .unknown{font-size:17px;color:var(--warn)}
.drawing svg{min-width:900px}
.letter{display:inline-block;min-width:20px;padding:0 5px;border-radius:10px;font-weight:700;
font-size:12px;line-height:20px;text-align:center;background:var(--ink);color:var(--card)}
.yes{color:var(--good);font-weight:600;white-space:nowrap}
.no{color:var(--bad);font-weight:700;white-space:nowrap}
.scene{margin:22px 0 2px;font-size:15px}
.scene+p{margin:0 0 8px;max-width:80ch}
dl{display:grid;grid-template-columns:max-content 1fr;gap:3px 18px;margin:10px 0 0;font-size:14px}
dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
.d-scene{fill:var(--soft)}.d-other{fill:var(--line)}.d-by{fill:var(--soft);stroke:var(--line)}
.d-active{fill:var(--info)}.d-dark{fill:var(--night);stroke:var(--none)}
.d-parted{fill:var(--warn)}
.d-closed{fill:var(--none)}.d-yes{stroke:var(--good);stroke-width:1.4}
.d-no{stroke:var(--bad);stroke-width:1.4}.d-late{stroke:var(--warn);stroke-width:1.1;opacity:.6}
.d-lost{stroke:var(--bad);stroke-width:2}.d-when{stroke:var(--ink);stroke-width:1;
stroke-dasharray:2 3;opacity:.55}.d-dot{fill:var(--ink)}svg .d-letter{fill:var(--card);
font-weight:700}svg .d-in{fill:var(--card);font-weight:600}svg .d-in-dark{fill:var(--on-night);
font-weight:600}svg .d-name{fill:var(--ink);
font-size:13px;font-weight:650}.k{width:16px!important;height:10px}
.k-active{background:var(--info)}
.k-by{background:var(--soft);border:1px solid var(--line)}.k-dark{background:var(--night);
border:1px solid var(--none)}
.k-parted{background:var(--warn)}.k-closed{background:var(--none)}
.k-yes{width:3px!important;background:var(--good)}.k-no{width:3px!important;background:var(--bad)}
.k-late{height:2px!important;background:var(--warn);vertical-align:middle}
@media(max-width:520px){main{padding:14px 10px 32px}section,header{padding:15px 14px}
dl{grid-template-columns:1fr;gap:0}dd{margin:0 0 7px}
.claims thead,.moments thead{display:none}
.claims tr,.moments tr{display:block;padding:9px 0;border-bottom:1px solid var(--line)}
.claims td,.moments td{display:inline;border:0;padding:0 8px 0 0;white-space:normal!important}
.claims td:nth-child(2),.claims td:last-child,.moments td:last-child{display:block;padding:3px 0 0}
.claims td:first-child,.claims td:nth-child(2){width:auto}.claims td:last-child{color:var(--dim)}}
@media print{.scene,h2{break-after:avoid}
:root{--night:#1b2330;--on-night:#fff}.drawing svg{min-width:0}
dl,.scene{font-size:11px}.tile .unknown{font-size:13px}
.long{break-inside:auto}}
"""
)
