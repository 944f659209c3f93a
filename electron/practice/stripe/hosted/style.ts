/** The hosted page's only style sheet; allowed by its hash in the page's content security policy. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1a1f36; --soft: #4f566b; --line: #e3e8ee; --paper: #fff; --ground: #f6f8fa; --accent: #4b45c6; --good: #0b6b41; --goodbg: #e3f6ec; --bad: #a41c4e; --badbg: #fde9ef; --warn: #5c3d00; --warnbg: #ffe9b8 }
@media (prefers-color-scheme: dark) { :root { --ink: #eef1f6; --soft: #aeb7c7; --line: #343b4a; --paper: #1c212b; --ground: #12151c; --accent: #a9a5ff; --good: #7fe0b0; --goodbg: #12352a; --bad: #ff9dbb; --badbg: #451a2b; --warn: #ffdf9a; --warnbg: #4a3507 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
.band { background: var(--warnbg); color: var(--warn); padding: .75rem 1rem; text-align: center; font-weight: 600 }
main { max-width: 42rem; margin: 2rem auto 4rem; padding: 0 1rem; display: grid; gap: 1.25rem }
section { background: var(--paper); border: 1px solid var(--line); border-radius: 12px; padding: 1.5rem }
h1 { font-size: 2.25rem; line-height: 1.2; margin: .25rem 0; font-variant-numeric: tabular-nums }
h2 { font-size: 1.05rem; margin: 0 0 .75rem }
.soft { color: var(--soft); margin: 0 }
.pill { display: inline-block; border-radius: 99px; padding: .1rem .7rem; font-size: .85rem; font-weight: 600; border: 1px solid currentColor }
.paid { color: var(--good) } .void, .uncollectible { color: var(--bad) } .open { color: var(--accent) }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1.5rem; margin: 1rem 0 0 }
dt { color: var(--soft) } dd { margin: 0; overflow-wrap: anywhere }
table { width: 100%; border-collapse: collapse }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .85rem }
th, td { padding: .5rem .25rem; border-bottom: 1px solid var(--line); vertical-align: top }
td:first-child { overflow-wrap: anywhere }
.money { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
tfoot td { border: 0; padding: .25rem } tfoot tr:last-child td { font-weight: 700; border-top: 1px solid var(--line); padding-top: .5rem }
label { display: block; font-weight: 600 }
input { display: block; width: 100%; margin-top: .35rem; padding: .7rem .8rem; font: inherit; font-variant-numeric: tabular-nums; letter-spacing: .03em; color: inherit; background: var(--ground); border: 1px solid var(--soft); border-radius: 8px }
button { width: 100%; margin-top: 1rem; padding: .8rem; font: inherit; font-weight: 600; color: var(--paper); background: var(--accent); border: 0; border-radius: 8px; cursor: pointer }
input:focus-visible, button:focus-visible, summary:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.note { border-radius: 8px; padding: .8rem 1rem; margin: 0; font-weight: 600 }
.note.good { background: var(--goodbg); color: var(--good) } .note.bad { background: var(--badbg); color: var(--bad) }
details { margin-top: 1rem } summary { cursor: pointer; color: var(--soft) }
a { color: var(--accent) }
`
