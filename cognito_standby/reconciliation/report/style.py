"""The look of the report's page: light, dark and on paper. No font or image from outside."""

STYLE = """
:root{color-scheme:light dark;--bg:#f5f6f8;--card:#fff;--ink:#1b2330;--dim:#5d6878;--line:#dfe3e9;
--good:#1a7f4b;--warn:#a86200;--bad:#c02f3c;--info:#2b63c6;--none:#98a2b1;--soft:#eef1f5}
@media(prefers-color-scheme:dark){:root{--bg:#11151b;--card:#1a2029;--ink:#e6eaf0;--dim:#9aa6b6;
--line:#2d3642;--good:#4cc38a;--warn:#e5a33d;--bad:#f2707c;--info:#7aa7f7;--none:#657184;
--soft:#222a35}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,
"Segoe UI",
Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-print-color-adjust:exact;print-color-adjust:exact}
main{max-width:1060px;margin:0 auto;padding:28px 20px 48px}
h1{font-size:24px;line-height:1.25;margin:2px 0 6px;letter-spacing:-.01em}
h2{font-size:16px;margin:0 0 12px}
p{margin:0 0 10px}.dim{color:var(--dim)}.small{font-size:13px}
code{font:12.5px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
section,header{background:var(--card);border:1px solid var(--line);border-radius:12px;
padding:20px 22px;margin:0 0 16px;break-inside:avoid}
header{border-top:5px solid var(--tone)}
.badge{display:inline-block;padding:2px 11px;border-radius:99px;font-weight:600;font-size:13px;
color:var(--tone);border:1.5px solid var(--tone)}
.good{--tone:var(--good)}.warn{--tone:var(--warn)}.bad{--tone:var(--bad)}.info{--tone:var(--info)}
.facts{display:flex;flex-wrap:wrap;gap:4px 22px;margin:12px 0 0;font-size:13px;color:var(--dim)}
.facts b{color:var(--ink);font-weight:600}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:12px;
margin:0 0 16px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:13px 16px;
break-inside:avoid}
.tile b{display:block;font-size:24px;line-height:1.25;font-weight:650;
font-variant-numeric:tabular-nums;color:var(--tone,var(--ink))}
.tile span{font-size:13px;color:var(--dim)}
.alert{border-left:5px solid var(--tone)}
.alert h2{color:var(--tone)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px}
th{text-align:left;font-weight:600;font-size:12.5px;color:var(--dim);
border-bottom:1px solid var(--line);
padding:0 14px 6px 0;vertical-align:bottom}
td{padding:8px 14px 8px 0;border-bottom:1px solid var(--line);vertical-align:top}
tr{break-inside:avoid}tbody tr:last-child td{border-bottom:0}
.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.bar{display:flex;height:9px;min-width:130px;border-radius:5px;overflow:hidden;
background:var(--soft)}
.bar i{display:block;height:100%}
.key{display:flex;flex-wrap:wrap;gap:3px 16px;font-size:13px;color:var(--dim);margin-top:10px}
.key i{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:6px}
.f-good{background:var(--good)}.f-warn{background:var(--warn)}.f-bad{background:var(--bad)}
.f-info{background:var(--info)}.f-none{background:var(--none)}
svg{display:block;width:100%;height:auto}
svg text{font:11px system-ui,sans-serif;fill:var(--dim)}
.s-axis{stroke:var(--line);stroke-width:1}.s-bad{fill:var(--bad)}.s-info{fill:var(--info)}
.s-none{fill:var(--none)}.s-now{font-weight:700;fill:var(--ink)}
.two{display:grid;grid-template-columns:1fr 1fr;gap:16px}
.two>section{margin:0;min-width:0}.scroll+p{margin-top:10px}
.chart svg{min-width:620px}td code{white-space:nowrap}.settings td code{white-space:normal}
.settings td:first-child{min-width:150px}.settings td:last-child{width:42%}.two{margin-bottom:16px}
@media(max-width:760px){.two{grid-template-columns:1fr}}
ul{margin:0;padding-left:20px}li{margin:3px 0}
footer{font-size:12.5px;color:var(--dim);padding:2px 4px}
@media print{:root{--bg:#fff;--card:#fff;--ink:#111;--dim:#555;--line:#ccc;--good:#1a7f4b;
--warn:#a86200;--bad:#c02f3c;--info:#2b63c6;--none:#98a2b1;--soft:#eee}
body{font-size:11.5px}.small,.key,.facts,footer,.tile span,.badge,th{font-size:10.5px}
code{font-size:9.5px}
h1{font-size:18px}
h2{font-size:13px}td{padding:4px 10px 4px 0}td code{white-space:normal}
main{max-width:none;padding:0}table{font-size:11px}.scroll{overflow:visible}
section,header,.tile{border-radius:6px;padding:11px 14px;margin-bottom:10px}
.tiles{gap:8px;margin-bottom:10px}.two{gap:10px;margin-bottom:10px}.tile b{font-size:17px}}
"""
