// SPDX-License-Identifier: GPL-3.0-or-later

extension PageResource {
  static let css = #"""
    :root {
      color-scheme: light dark;
      --ground: #ffffff; --ink: #10151f; --faint: #4a5568; --line: #8793a6; --card: #f3f6fb; --home: #fff8e6;
      --address: #0b4f9e; --changed: #8a3a00; --changed-ground: #ffe3c2; --good: #0d6630; --good-ground: #d9f5e3;
      --bad: #a3101f; --bad-ground: #ffdfe1; --packet: #1d4ed8; --on-packet: #ffffff; --focus: #1d4ed8;
    }
    @media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) {
      --ground: #0c1018; --ink: #f2f5fa; --faint: #b3bfd1; --line: #7384a0; --card: #1a2231; --home: #262113;
      --address: #9fd0ff; --changed: #ffc27a; --changed-ground: #4a2c06; --good: #8ff0b3; --good-ground: #0d3a20;
      --bad: #ffaeb4; --bad-ground: #4d1016; --packet: #8db4ff; --on-packet: #0c1018; --focus: #9fd0ff;
    } }
    :root[data-theme="light"] { color-scheme: light; }
    :root[data-theme="dark"] { color-scheme: dark;
      --ground: #0c1018; --ink: #f2f5fa; --faint: #b3bfd1; --line: #7384a0; --card: #1a2231; --home: #262113;
      --address: #9fd0ff; --changed: #ffc27a; --changed-ground: #4a2c06; --good: #8ff0b3; --good-ground: #0d3a20;
      --bad: #ffaeb4; --bad-ground: #4d1016; --packet: #8db4ff; --on-packet: #0c1018; --focus: #9fd0ff;
    }
    :root[data-theme="contrast"] { color-scheme: dark;
      --ground: #000; --ink: #fff; --faint: #fff; --line: #fff; --card: #000; --home: #000; --address: #ff0;
      --changed: #ff0; --changed-ground: #000; --good: #6f6; --good-ground: #000; --bad: #f99; --bad-ground: #000;
      --packet: #ff0; --on-packet: #000; --focus: #0ff;
    }
    @media (prefers-contrast: more) { :root:not([data-theme]) { --faint: var(--ink); --line: var(--ink); } }
    * { box-sizing: border-box; }
    html { font: 400 clamp(16px, 8px + 1.15vw, 38px)/1.35 system-ui, "DejaVu Sans", sans-serif; scrollbar-gutter: stable; }
    body { margin: 0; background: var(--ground); color: var(--ink); }
    h2, h3, p, ol, ul { margin: 0; padding: 0; }
    h2 { font-size: 0.85rem; color: var(--faint); font-weight: 600; margin-bottom: 0.3rem; }
    code, .mono, #command, td, svg .address { font-family: ui-monospace, "DejaVu Sans Mono", monospace; }
    .visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    :focus-visible { outline: 0.15em solid var(--focus); outline-offset: 0.1em; }
    header { display: flex; flex-wrap: wrap; gap: 0.4rem 1rem; align-items: center; padding: 0.4rem 0.8rem;
      border-bottom: 1px solid var(--line); }
    #command { flex: 1 1 14em; overflow-wrap: anywhere; }
    #previous { color: var(--faint); display: block; font-size: 0.75em; min-height: 1.3em; }
    #typed-at { color: var(--faint); }
    #error { flex: 1 1 100%; order: 3; background: var(--bad-ground); color: var(--bad); padding: 0.2rem 0.5rem; border-radius: 0.3rem; }
    #controls { display: flex; gap: 0.5rem; flex-wrap: wrap; }
    button { font: inherit; font-size: 0.7rem; min-height: 44px; padding: 0.2rem 0.8rem; color: var(--ink);
      background: var(--card); border: 2px solid var(--line); border-radius: 0.4rem; }
    button[aria-pressed="true"] { border-color: var(--ink); text-decoration: underline; }
    main { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.8rem; padding: 0.6rem 0.8rem; }
    #picture { overflow: auto; }
    #picture svg { display: block; margin: 0 auto; }
    #ladder svg { display: block; } #ladder .names { position: sticky; top: 0; z-index: 1; background: var(--ground); }
    #ladder .over { paint-order: stroke; stroke: var(--ground); stroke-width: 0.3em; stroke-linejoin: round; }
    #last { min-height: 3.2em; margin-top: 0.4rem; padding: 0.3rem 0.6rem; border-left: 0.3rem solid var(--line); }
    #last.translated { border-color: var(--changed); } #last.delivered { border-color: var(--good); }
    #last.dropped { border-color: var(--bad); background: var(--bad-ground); }
    svg { font-size: var(--drawing, 16px); }
    svg text { fill: var(--ink); font-size: 1em; }
    svg .small { font-size: 0.95em; fill: var(--faint); }
    svg .name { font-weight: 650; }
    svg .address { fill: var(--address); }
    svg .link { stroke: var(--line); stroke-width: 0.14em; fill: none; }
    svg .cloud, svg .device { fill: var(--card); stroke: var(--line); stroke-width: 0.1em; }
    svg .home { fill: var(--home); stroke: var(--line); stroke-width: 0.12em; }
    svg .glyph { stroke: var(--ink); stroke-width: 0.1em; fill: var(--ground); }
    svg .packet .dot { fill: var(--packet); stroke: var(--ground); stroke-width: 0.1em; }
    svg .packet .number { fill: var(--on-packet); font-weight: 700; font-size: 0.95em; }
    svg .packet .tether { stroke: var(--packet); stroke-width: 0.1em; }
    svg .packet .label { fill: var(--ground); stroke: var(--packet); stroke-width: 0.1em; }
    svg .packet .changed { fill: var(--changed); font-weight: 700; }
    svg .packet .old { fill: var(--faint); text-decoration: line-through; }
    svg .packet.translated .label { stroke: var(--changed); fill: var(--changed-ground); }
    svg .packet.dropped .dot, svg .packet.dropped .label { stroke: var(--bad); } svg .packet.dropped .dot { fill: var(--bad); }
    svg .packet.dropped .label { fill: var(--bad-ground); } svg .packet.dropped .note { fill: var(--bad); font-weight: 700; }
    svg .packet.delivered .dot { fill: var(--good); } svg .packet.delivered .label { stroke: var(--good); fill: var(--good-ground); }
    svg .packet.delivered .note { fill: var(--good); font-weight: 700; }
    svg .arrow { stroke: var(--ink); stroke-width: 0.1em; fill: none; } svg .arrow-head { fill: var(--ink); }
    svg .lifeline { stroke: var(--line); stroke-width: 0.08em; stroke-dasharray: 0.3em 0.3em; }
    svg .refused { fill: var(--bad); font-weight: 700; }
    .router { margin-bottom: 0.6rem; } .rows { overflow: auto; }
    table { border-collapse: collapse; width: 100%; font-size: 0.72rem; }
    .router h3 { font-weight: 650; font-size: 0.85rem; }
    th { text-align: left; font-weight: 600; color: var(--faint); } th, td { padding: 0.15rem 0.4rem 0.15rem 0; vertical-align: top; }
    thead th { position: sticky; top: 0; z-index: 1; background: var(--ground); } td { border-top: 1px solid var(--line); }
    #routers td { white-space: nowrap; } #routers td.left { white-space: normal; } #routers td.address { white-space: normal; overflow-wrap: normal; }
    tr.new td { background: var(--good-ground); } tr.gone td { background: var(--bad-ground); text-decoration: line-through; }
    tr.gone td.left { text-decoration: none; }
    tr { transition: opacity 0.8s; } tr.fading { opacity: 0.35; }
    svg .packet .number.long { font-size: 0.65em; } .word { font-weight: 700; font-family: system-ui, sans-serif; text-decoration: none; } .new .word { color: var(--good); } .gone .word { color: var(--bad); }
    meter, .bar { display: block; width: 100%; min-width: 3rem; height: 0.35rem; }
    #ladder { overflow: auto; max-height: 32vh; } #log { list-style: none; font-size: 0.72rem; max-height: 14em; overflow: auto; }
    #log li { padding: 0.1rem 0; border-bottom: 1px solid var(--line); }
    #lesson { background: var(--card); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.5rem 0.7rem; font-size: 0.85rem; }
    #lesson h3 { font-size: 1.1em; } #prose > * { margin: 0.4em 0; } #prose ul, #prose ol, #choices { padding-left: 1.4em; }
    #prose pre { background: var(--ground); padding: 0.3rem 0.5rem; overflow-x: auto; border-radius: 0.3rem; margin: 0.4em 0; }
    #question, #asked { border: 2px solid var(--changed); border-radius: 0.5rem; padding: 0.5rem 0.7rem; }
    #question h2, #asked h2 { font-size: 1rem; color: var(--ink); } #question ol, #asked ol { padding-left: 1.6em; }
    #question li, #asked li { padding: 0.15rem 0; } li.right > :first-child { font-weight: 700; color: var(--good); }
    li.right .word { color: var(--good); } .votes { display: flex; gap: 0.6em; align-items: center; } meter.count { width: min(60%, 24em); height: 0.8em; }
    meter.count::-webkit-meter-optimum-value { background: var(--packet); } meter.count::-moz-meter-bar { background: var(--packet); }
    #answers { color: var(--faint); }
    #shown { flex: 1 1 100%; order: 3; background: var(--good-ground); color: var(--good); padding: 0.2rem 0.5rem; border-radius: 0.3rem; }
    #invitation { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.2rem 0.8rem; align-items: center; }
    #invitation[hidden] { display: none; } #qr { grid-row: 1 / span 2; } #invitation h2 { margin: 0; align-self: end; } #join-url { overflow-wrap: anywhere; }
    #invitation > div:last-child { align-self: start; }
    #side { display: contents; } #invitation, #question { order: -1; }
    #join-code { font-weight: 700; } #qr svg { width: 7.5rem; height: 7.5rem; display: block; }
    svg .qr-light { fill: #fff; } svg .qr-dark { fill: #000; } a { color: var(--address); }
    .learner { font-size: clamp(16px, 10px + 0.45vw, 24px); } 
    .learner main > div { display: grid; gap: 0.8rem; align-content: start; min-width: 0; grid-template-columns: minmax(0, 1fr); }
    .learner #asked { margin: 0.6rem 0.8rem 0; }
    @media (min-width: 1100px) {
      .learner main { grid-template-columns: minmax(0, 1.15fr) minmax(0, 1fr); grid-template-rows: auto 1fr; }
      .learner .reading { grid-column: 2; grid-row: 1; } .learner .working { grid-column: 1; grid-row: 1 / span 2; }
      .learner .looking { grid-column: 2; grid-row: 2; }
    }
    @media (min-width: 600px) { .learner #picture { max-height: 70vh; } }
    .learner header { justify-content: space-between; }
    #join { max-width: 24em; margin: 2rem auto; padding: 0 1rem; display: grid; gap: 0.8rem; } #join[hidden] { display: none; }
    #join label { display: grid; gap: 0.2rem; } #join h1 { font-size: 1.4rem; margin: 0; }
    input { font: inherit; color: var(--ink); background: var(--ground); border: 2px solid var(--line); border-radius: 0.4rem;
      padding: 0.3rem 0.5rem; min-width: 0; min-height: 44px; }
    #join-error, pre.failed { color: var(--bad); }
    #shell { background: var(--card); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.4rem 0.6rem; min-width: 0; }
    #screen { max-height: 15em; overflow: auto; overscroll-behavior: contain; }
    #screen pre, #screen .probe { margin: 0; font: 0.8rem/1.35 ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
    #screen pre.typed { color: var(--address); font-weight: 650; margin-top: 0.3em; } #screen .probe { position: absolute; visibility: hidden; white-space: pre; }
    #prompt { display: flex; flex-wrap: wrap; gap: 0.4rem; align-items: center; margin-top: 0.3rem; font-family: ui-monospace, "DejaVu Sans Mono", monospace; }
    #line { flex: 1 1 10em; } #prompt button { font-family: system-ui, sans-serif; } #keys { color: var(--faint); font-size: 0.8em; }
    #candidates { display: flex; flex-wrap: wrap; gap: 0.3rem; max-height: 8.5em; overflow: auto; } #candidates .note { color: var(--faint); }
    /* The projector: all of it on one screen, which nobody scrolls. What grows scrolls in its own place. */
    @media (min-width: 900px) and (min-height: 600px) {
      html.projector { scrollbar-gutter: auto; } .projector body { height: 100vh; display: flex; flex-direction: column; overflow: hidden; }
      .projector header { flex: none; padding: 0.2rem 0.8rem; }
      .projector #previous { min-height: 0; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
      .projector #now { display: block; max-height: 2.7em; overflow: auto; }
      .projector #error, .projector #shown { max-height: 3em; overflow: auto; }
      .projector main { flex: 1; min-height: 0; grid-template-columns: minmax(0, 2.2fr) minmax(0, 1fr); grid-template-rows: minmax(0, 1fr);
        gap: 0 0.8rem; padding: 0.4rem 0.8rem; }
      .projector #stage { display: flex; flex-direction: column; min-height: 0; }
      .projector #picture { --whole: 1; flex: 1; min-height: 0; }
      .projector #last { flex: none; height: 4.3em; margin-top: 0.2rem; padding: 0.2rem 0.6rem; font-size: 0.95rem; line-height: 1.25; overflow: auto; }
      .projector #side { display: flex; flex-direction: column; gap: 0.3rem; min-height: 0; overflow: hidden auto; }
      .projector #side, .projector #side * { scrollbar-width: thin; }
      .projector #side > section { flex: 0 1 auto; min-height: 3.4rem; overflow: auto; }
      .projector #side > [hidden] { display: none; }
      .projector #side > #invitation { order: 0; flex-shrink: 0; overflow: hidden; font-size: 0.72rem; }
      .projector #qr svg { width: min(6rem, 17vh); height: min(6rem, 17vh); } .projector #join-code { font-size: 1rem; }
      .projector #side > #question { order: 0; flex-shrink: 0; max-height: 42%; font-size: 0.9em; line-height: 1.25; padding: 0.2rem 0.5rem; }
      .projector #question h2 { font-size: 1em; } .projector #question li { padding: 0; } .projector #question .votes { line-height: 1; }
      .projector #lesson { padding: 0.3rem 0.6rem; font-size: 0.75rem; } .projector #routers p { font-size: 0.75rem; }
      .projector #side > #question:not([hidden]) ~ #lesson { flex-shrink: 3; min-height: 2.4rem; }
      .projector #side > #tables, .projector #side > #ladder-section, .projector #side > #log-section {
        display: flex; flex-direction: column; min-height: 3.6rem; overflow: hidden; }
      .projector #side > #tables { flex-shrink: 0.7; min-height: 6.4rem; }
      .projector #routers { flex: 0 1 auto; min-height: 0; display: flex; flex-direction: column; overflow: auto; }
      .projector .router { flex: 0 1 auto; min-height: 4.4rem; margin: 0 0 0.2rem; display: flex; flex-direction: column; }
      .projector .rows { min-height: 0; } .projector #routers table { font-size: 0.95vw; }
      .projector #routers th { font-size: 0.85em; white-space: nowrap; } .projector #routers meter { min-width: 2rem; }
      .projector #side h2 { margin-bottom: 0.1rem; }
      .projector #ladder, .projector #log { flex: 0 1 auto; min-height: 0; max-height: none; }
      .projector #side > #log-section { flex: 1 1 0; min-height: 3.4rem; }
      .projector #invitation:not([hidden]) ~ #log-section, .projector #question:not([hidden]) ~ #log-section,
        .projector #lesson:not([hidden]) ~ #log-section { position: absolute; width: 1px; height: 1px; min-height: 0; bottom: 0; right: 0; clip-path: inset(50%); }
    }
    @media (min-width: 900px) and (min-height: 600px) and (max-height: 900px) {
      .projector #question:not([hidden]) ~ #ladder-section { display: none; }
    }
    footer { padding: 0.6rem 0.8rem; } footer a { display: inline-block; min-height: 24px; }
    #connection { position: fixed; bottom: 0; left: 0; right: 0; background: var(--bad-ground); color: var(--bad); padding: 0 0.8rem; }
    @media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
    """#
}
