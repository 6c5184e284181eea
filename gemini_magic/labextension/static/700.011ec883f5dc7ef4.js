"use strict";(self.rspackChunkgemini_magic=self.rspackChunkgemini_magic||[]).push([[700],{371(r,e,o){var a=o(601),t=o.n(a),n=o(314),i=(o.n(n))()(t());i.push([r.id,`/* The first line of a %%gemini_exec cell. */
.cm-line.gm-magic-line,
.cm-line.gm-magic-line span {
  color: color-mix(
    in srgb,
    var(--jp-mirror-editor-meta-color, #a2f) 70%,
    var(--jp-content-font-color0, currentcolor)
  );
  font-weight: 500;
}

.jp-RenderedGeminiRun {
  padding: 2px 0;
}
`,""]),o.d(e,{},{A:i})},646(r,e,o){var a=o(601),t=o.n(a),n=o(314),i=o.n(n),d=o(745),g=o(371),m=o(247),p=i()(t());p.i(d.A),p.i(g.A),p.i(m.A),p.push([r.id,`
`,""]),o.d(e,{},{A:p})},247(r,e,o){var a=o(601),t=o.n(a),n=o(314),i=(o.n(n))()(t());i.push([r.id,`/* A line may end after the box that a formula is, but for this: and leave its full stop alone. */
.gm-prose mjx-container:not([display]) {
  white-space: nowrap;
}
`,""]),o.d(e,{},{A:i})},745(r,e,o){var a=o(601),t=o.n(a),n=o(314),i=(o.n(n))()(t());i.push([r.id,`/*
 * A run. Colours come from JupyterLab's theme, with fallbacks for other hosts; those of an outcome
 * are mixed with the text's own colour, which keeps them readable on light, dark and high contrast.
 */
.gm-run {
  --gm-text: var(--jp-ui-font-color0, var(--vscode-foreground, light-dark(#1b1b1b, #e8e8e8)));
  --gm-dim: color-mix(in srgb, var(--gm-text) 66%, transparent);
  --gm-line: var(--jp-border-color2, light-dark(#e0e0e0, #3a3a3a));
  --gm-ground: var(--jp-layout-color0, var(--vscode-editor-background, light-dark(#fff, #111)));
  --gm-soft: color-mix(in srgb, var(--gm-text) 4%, transparent);
  --gm-accent: color-mix(in srgb, var(--jp-brand-color1, #1976d2) 76%, var(--gm-text));
  --gm-ok: color-mix(in srgb, var(--jp-success-color1, #2e9b3c) 62%, var(--gm-text));
  --gm-bad: color-mix(in srgb, var(--jp-error-color1, #e53935) 68%, var(--gm-text));
  --gm-late: color-mix(in srgb, var(--jp-warn-color1, #f57c00) 60%, var(--gm-text));
  --gm-code: var(--jp-code-font-size, 13px) / 1.45
    var(--jp-code-font-family, ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace);

  position: relative;
  margin: 2px 0;
  border: 1px solid var(--gm-line);
  border-radius: 8px;
  background: var(--gm-ground);
  color: var(--gm-text);
  font: var(--jp-ui-font-size1, 13px) / 1.5 var(--jp-ui-font-family, system-ui, sans-serif);

  [hidden] {
    display: none !important;
  }

  .gm-unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  /* The line above */
  .gm-header {
    position: relative;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 6px;
    min-height: 26px;
    padding: 5px 8px 5px 12px;
    border-bottom: 1px solid var(--gm-line);
    border-radius: 8px 8px 0 0;
    background: var(--gm-soft);
  }

  .gm-mark {
    width: 1em;
    color: var(--gm-late);
    text-align: center;
  }

  &[data-live='true'] .gm-mark {
    color: var(--gm-accent);
  }

  &[data-state='done'] .gm-mark {
    color: var(--gm-ok);
  }

  &[data-state='failed'] .gm-mark,
  &[data-state='blocked'] .gm-mark {
    color: var(--gm-bad);
  }

  .gm-state,
  .gm-name {
    font-weight: 600;
  }

  .gm-meta {
    color: var(--gm-dim);
  }

  .gm-header > * {
    flex: none;
    white-space: nowrap;
  }

  .gm-header > .gm-meta:not(.gm-tokens) {
    flex: 0 1 auto;
    overflow-wrap: anywhere;
    white-space: normal;
  }

  .gm-meta:not([hidden]):has(+ .gm-tokens:not([hidden]))::after {
    content: ' \xb7';
  }

  .gm-grow {
    flex: 1;
  }

  .gm-actions {
    display: flex;
    gap: 6px;
    margin-left: auto;
  }

  .gm-going {
    position: absolute;
    right: 0;
    bottom: -1px;
    left: 0;
    height: 2px;
    overflow: hidden;
    /* Far from the screen it moves nothing: even there each of its steps would cost the page. */
    content-visibility: auto;
  }

  .gm-progress {
    display: block;
    width: 100%;
    height: 100%;
    border: 0;
    appearance: none;
    background: linear-gradient(90deg, transparent, var(--gm-accent), transparent);
  }

  .gm-progress::-webkit-progress-bar {
    background: none;
  }

  .gm-progress::-moz-progress-bar {
    background: none;
  }

  @media (prefers-reduced-motion: no-preference) {
    .gm-progress {
      width: 40%;
      animation: gm-going 2.4s steps(12) infinite;
    }
  }

  .gm-header > .gm-far {
    display: flex;
    flex: 0 1 auto;
    align-items: center;
    gap: 8px;
    min-width: 0;
    margin-left: 4px;
  }

  .gm-far > .gm-meta {
    overflow: hidden;
    text-overflow: ellipsis;
    font-variant-numeric: tabular-nums;
  }

  .gm-far-bar {
    flex: none;
    width: 8em;
    height: 6px;
    overflow: hidden;
    border: 0;
    border-radius: 3px;
    appearance: none;
    background: color-mix(in srgb, var(--gm-text) 16%, transparent);
  }

  .gm-far-bar::-webkit-progress-bar {
    background: none;
  }

  .gm-far-bar::-webkit-progress-value {
    background: var(--gm-accent);
  }

  .gm-far-bar::-moz-progress-bar {
    background: var(--gm-accent);
  }

  /* Buttons and menus */
  .gm-button {
    padding: 1px 8px;
    border: 1px solid var(--gm-line);
    border-radius: 5px;
    background: none;
    color: inherit;
    font: inherit;
    cursor: pointer;
  }

  .gm-button[aria-disabled='true'] {
    opacity: 0.5;
    cursor: default;
  }

  .gm-button:hover {
    background: color-mix(in srgb, var(--gm-text) 8%, transparent);
  }

  .gm-button:focus-visible,
  a:focus-visible {
    outline: 2px solid var(--gm-accent);
    outline-offset: 1px;
  }

  /* What reaches the edge of its box has its outline inside, where nothing cuts it. */
  :is([tabindex], .gm-show-all, .gm-same-folded):focus-visible {
    outline: 2px solid var(--gm-accent);
    outline-offset: -2px;
  }

  .gm-main {
    border-color: var(--gm-accent);
    color: var(--gm-accent);
  }

  /* One button of two: what it does, and what else it can do. */
  .gm-insert-last {
    border-radius: 5px 0 0 5px;
  }

  .gm-insert-as {
    margin-left: -7px;
    padding: 1px 5px;
    border-radius: 0 5px 5px 0;
  }

  .gm-bare {
    padding: 1px 6px;
    border-color: transparent;
    color: var(--gm-dim);
  }

  .gm-menu {
    position: fixed;
    inset: auto;
    margin: 0;
    padding: 4px;
    border: 1px solid var(--gm-line);
    border-radius: 6px;
    background: var(--gm-ground);
    box-shadow: 0 4px 14px rgb(0 0 0 / 22%);
    color: inherit;
  }

  .gm-item {
    display: block;
    width: 100%;
    padding: 4px 12px;
    border-color: transparent;
    text-align: start;
  }

  /* The parts */
  .gm-parts {
    padding: 10px 14px 4px;
  }

  .gm-parts:empty {
    display: none;
  }

  .gm-piece {
    margin: 0 0 8px;
  }

  /* What is far from the screen is not laid out: a run may have hundreds of attempts. */
  .gm-stretch + .gm-stretch {
    contain-intrinsic-height: auto 800px;
    content-visibility: auto;
    /* Outlines reach out of their buttons, and nothing is drawn outside a stretch. */
    margin: -4px -14px 0;
    padding: 4px 14px 0;
  }

  .gm-prose {
    overflow-wrap: anywhere;
  }

  .gm-prose > :first-child {
    margin-top: 0;
  }

  .gm-prose > :last-child {
    margin-bottom: 0;
  }

  .gm-prose p {
    margin: 0 0 8px;
  }

  .gm-scroll {
    margin-bottom: 8px;
    overflow-x: auto;
    overflow-wrap: normal;
  }

  .gm-prose table {
    margin: 0;
    border-collapse: collapse;
  }

  .gm-prose th,
  .gm-prose td {
    padding: 2px 10px;
    border: 1px solid var(--gm-line);
  }

  .gm-prose pre {
    padding: 8px 10px;
    overflow: auto;
    border: 1px solid var(--gm-line);
    border-radius: 6px;
    background: var(--gm-soft);
  }

  .gm-prose code {
    font: var(--gm-code);
  }

  a {
    color: var(--gm-accent);
  }

  .gm-note {
    color: var(--gm-dim);
    overflow-wrap: anywhere;
    padding-left: 20px;
    font-style: italic;
  }

  .gm-thought .gm-body {
    padding: 2px 0 2px 18px;
    color: var(--gm-dim);
  }

  .gm-bar {
    display: flex;
    align-items: center;
    padding: 1px 4px 1px 10px;
    border-bottom: 1px solid var(--gm-line);
    background: var(--gm-soft);
    font-size: 0.93em;
  }

  /* What an answer from the web rests on */
  .gm-grounds {
    margin: -2px 14px 12px;
    padding-top: 8px;
    border-top: 1px solid var(--gm-line);
    font-size: 0.93em;
    overflow-wrap: anywhere;
  }

  .gm-sources {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 20px;
    margin: 2px 0 0;
    padding: 0;
    list-style: none;
    counter-reset: gm-source;
  }

  .gm-sources > li {
    margin: 0;
    counter-increment: gm-source;
  }

  .gm-sources > li::before {
    color: var(--gm-dim);
    content: counter(gm-source) '. ';
  }

  .gm-searches {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 12px;
    margin-top: 4px;
  }

  .gm-error {
    margin: 0;
    padding: 8px 14px;
    border-top: 1px solid var(--gm-line);
    border-radius: 0 0 8px 8px;
    background: color-mix(in srgb, var(--gm-bad) 10%, transparent);
    color: var(--gm-bad);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }

  /* Rows that open */
  .gm-row {
    display: flex;
    align-items: center;
    gap: 6px;
    min-height: 24px;
  }

  .gm-toggle {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 8px;
    min-width: 0;
    margin-left: -4px;
    padding: 1px 4px;
    border-color: transparent;
    text-align: start;
  }

  .gm-triangle {
    width: 10px;
    color: var(--gm-dim);
  }

  .gm-triangle::before {
    content: '▸';
  }

  [aria-expanded='true'] > .gm-triangle::before {
    content: '▾';
  }

  .gm-chip {
    max-width: 100%;
    padding: 0 8px;
    border-radius: 9px;
    background: color-mix(in srgb, currentcolor 11%, transparent);
    color: var(--gm-dim);
    font-size: 0.93em;
    overflow-wrap: anywhere;
  }

  .gm-chip-ok {
    color: var(--gm-ok);
  }

  .gm-chip-failed {
    color: var(--gm-bad);
  }

  .gm-chip-late,
  .gm-chip-refused {
    color: var(--gm-late);
  }

  /* Attempts, on a line of time */
  .gm-dot {
    position: relative;
    padding-left: 20px;
  }

  .gm-dot::before {
    position: absolute;
    top: 8px;
    left: 4px;
    width: 9px;
    height: 9px;
    border-radius: 50%;
    background: currentcolor;
    color: var(--gm-dim);
    content: '';
  }

  .gm-dot::after {
    position: absolute;
    top: 20px;
    bottom: -4px;
    left: 8px;
    width: 1px;
    background: var(--gm-line);
    content: '';
  }

  /* The line comes from the dot before, and leaves out its own. */
  .gm-joined::after {
    top: -8px;
    background: linear-gradient(var(--gm-line) 14px, transparent 14px 28px, var(--gm-line) 28px);
  }

  .gm-dot[data-outcome='ok']::before {
    color: var(--gm-ok);
  }

  .gm-dot[data-outcome='running']::before {
    color: var(--gm-accent);
  }

  .gm-dot[data-outcome='failed']::before {
    color: var(--gm-bad);
  }

  .gm-dot:is([data-outcome='late'], [data-outcome='refused'])::before {
    color: var(--gm-late);
  }

  .gm-dot:not([data-outcome='ok'], [data-outcome='running'])::before {
    background: none;
    box-shadow: inset 0 0 0 2px;
  }

  .gm-box {
    margin-top: 5px;
    overflow: hidden;
    border: 1px solid var(--gm-line);
    border-radius: 6px;
  }

  .gm-pre {
    max-height: 32em;
    margin: 0;
    padding: 8px 10px;
    overflow: auto;
    background: none;
    color: inherit;
    font: var(--gm-code);
    tab-size: 4;
    white-space: pre;
  }

  .gm-out:not(:first-child) {
    border-top: 1px solid var(--gm-line);
  }

  .gm-brief {
    color: var(--gm-dim);
    font: var(--gm-code);
    overflow-wrap: anywhere;
  }

  .gm-brief:empty {
    display: none;
  }

  /* A row that takes two lines begins below its name. */
  .gm-call .gm-toggle {
    align-items: baseline;
    padding-left: 18px;
  }

  .gm-what {
    max-width: 100%;
  }

  .gm-call .gm-triangle {
    margin-left: -18px;
  }

  :is(.gm-call, .gm-data) .gm-pre {
    overflow-wrap: anywhere;
    white-space: pre-wrap;
    word-break: normal;
  }

  .gm-label {
    padding: 5px 10px 0;
    color: var(--gm-dim);
    font-size: 0.85em;
  }

  .gm-label + div > .gm-pre:first-child {
    padding-top: 2px;
  }

  .gm-step[data-outcome='failed'] .gm-out .gm-pre {
    background: color-mix(in srgb, var(--gm-bad) 4%, transparent);
  }

  .gm-show-all {
    width: 100%;
    border-color: transparent;
    border-radius: 0;
    background: var(--gm-soft);
    color: var(--gm-accent);
  }

  .gm-picture {
    display: block;
    max-width: 100%;
    margin: 8px 10px;
    padding: 0;
    border-color: transparent;
    cursor: zoom-in;
  }

  .gm-image {
    display: block;
    max-width: 100%;
    max-height: 24em;
    border-radius: 3px;
  }

  .gm-full {
    max-width: 96vw;
    max-height: 96vh;
    padding: 10px;
    border: 1px solid var(--gm-line);
    border-radius: 8px;
    background: var(--gm-ground);
    color: var(--gm-text);
  }

  .gm-full::backdrop {
    background: rgb(0 0 0 / 55%);
  }

  .gm-close {
    display: block;
    margin: 0 0 8px auto;
  }

  /* What changed */
  .gm-tabs {
    display: flex;
    gap: 2px;
    padding: 2px 6px;
    border-bottom: 1px solid var(--gm-line);
    background: var(--gm-soft);
    font-size: 0.93em;
  }

  .gm-tab {
    border-color: transparent;
    color: var(--gm-dim);
  }

  .gm-tab[aria-pressed='true'] {
    border-color: var(--gm-line);
    background: var(--gm-ground);
    color: var(--gm-text);
  }

  .gm-caption {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 10px;
    padding: 6px 10px;
    border-bottom: 1px solid var(--gm-line);
    font-size: 0.93em;
  }

  .gm-count-added {
    color: var(--gm-ok);
  }

  .gm-count-removed {
    color: var(--gm-bad);
  }

  .gm-diff {
    max-height: 40em;
    padding: 4px 0;
    overflow: auto;
    font: var(--gm-code);
  }

  .gm-line {
    display: block;
    width: max-content;
    min-width: 100%;
    color: inherit;
    text-decoration: none;
    white-space: pre;
  }

  .gm-line::before {
    display: inline-block;
    width: 8ch;
    padding: 0 1ch 0 0;
    color: var(--gm-dim);
    content: attr(data-after) '  ' attr(data-sign) / '';
    font-size: 1em;
    text-align: right;
  }

  .gm-removed.gm-line::before {
    color: var(--gm-bad);
    content: attr(data-before) '  ' attr(data-sign) / '';
  }

  .gm-added.gm-line::before {
    color: var(--gm-ok);
  }

  .gm-line code {
    padding: 0 10px 0 0;
    background: none;
    color: inherit;
    font: inherit;
  }

  .gm-added {
    background: color-mix(in srgb, var(--gm-ok) 11%, transparent);
    box-shadow: inset 3px 0 var(--gm-ok);
  }

  .gm-removed {
    background: color-mix(in srgb, var(--gm-bad) 10%, transparent);
    box-shadow: inset 3px 0 var(--gm-bad);
  }

  .gm-line mark {
    padding: 1px 0;
    border-radius: 2px;
    color: inherit;
  }

  .gm-added mark {
    background: color-mix(in srgb, var(--gm-ok) 28%, transparent);
  }

  .gm-removed mark {
    background: color-mix(in srgb, var(--gm-bad) 26%, transparent);
  }

  .gm-same-folded {
    display: block;
    width: 100%;
    margin: 3px 0;
    padding: 0 10px 0 8ch;
    border-color: transparent;
    border-radius: 0;
    background: var(--gm-soft);
    color: var(--gm-dim);
    font: inherit;
    font-size: 0.9em;
    text-align: start;
  }

  /* Syntax */
  .gm-keyword {
    color: var(--jp-mirror-editor-keyword-color, light-dark(#0b7a3e, #7fd6a0));
    font-weight: 600;
  }

  .gm-string {
    color: var(--jp-mirror-editor-string-color, light-dark(#a8322a, #f0a69f));
  }

  .gm-number {
    color: var(--jp-mirror-editor-number-color, light-dark(#8a5a00, #e2b765));
  }

  .gm-comment {
    color: var(--jp-mirror-editor-comment-color, light-dark(#40776f, #8cbab4));
    font-style: italic;
  }

  .gm-builtin {
    color: var(--jp-mirror-editor-builtin-color, light-dark(#0b7a3e, #7fd6a0));
  }

  .gm-definition {
    color: var(--jp-mirror-editor-def-color, light-dark(#1550c8, #8fb8ff));
  }

  .gm-operator {
    color: var(--jp-mirror-editor-operator-color, light-dark(#7a1fd1, #d09bff));
  }

  @media (forced-colors: active) {
    .gm-added,
    .gm-removed,
    .gm-chip {
      outline: 1px solid;
      outline-offset: -1px;
    }

    /* Grounds and shadows are taken away here: what they say is said by the reader's own colours. */
    .gm-tab[aria-pressed='true'],
    .gm-line mark {
      background: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }

    .gm-dot::before {
      box-sizing: border-box;
      border: 2px solid;
    }

    [data-outcome='ok']::before {
      border-width: 5px;
    }

    .gm-dot::after {
      border-left: 1px solid;
    }

    .gm-joined::after {
      top: 20px;
    }
  }
}

/* Steps, as each frame costs the page that has the run to draw: five a second are enough. */
@keyframes gm-going {
  from {
    transform: translateX(-105%);
  }

  to {
    transform: translateX(255%);
  }
}
`,""]),o.d(e,{},{A:i})},314(r){r.exports=function(r){var e=[];return e.toString=function(){return this.map(function(e){var o="",a=void 0!==e[5];return e[4]&&(o+="@supports (".concat(e[4],") {")),e[2]&&(o+="@media ".concat(e[2]," {")),a&&(o+="@layer".concat(e[5].length>0?" ".concat(e[5]):""," {")),o+=r(e),a&&(o+="}"),e[2]&&(o+="}"),e[4]&&(o+="}"),o}).join("")},e.i=function(r,o,a,t,n){"string"==typeof r&&(r=[[null,r,void 0]]);var i={};if(a)for(var d=0;d<this.length;d++){var g=this[d][0];null!=g&&(i[g]=!0)}for(var m=0;m<r.length;m++){var p=[].concat(r[m]);a&&i[p[0]]||(void 0!==n&&(void 0===p[5]||(p[1]="@layer".concat(p[5].length>0?" ".concat(p[5]):""," {").concat(p[1],"}")),p[5]=n),o&&(p[2]&&(p[1]="@media ".concat(p[2]," {").concat(p[1],"}")),p[2]=o),t&&(p[4]?(p[1]="@supports (".concat(p[4],") {").concat(p[1],"}"),p[4]=t):p[4]="".concat(t)),e.push(p))}},e}},601(r){r.exports=function(r){return r[1]}},72(r){var e=[];function o(r){for(var o=-1,a=0;a<e.length;a++)if(e[a].identifier===r){o=a;break}return o}function a(r,a){for(var t={},n=[],i=0;i<r.length;i++){var d=r[i],g=a.base?d[0]+a.base:d[0],m=t[g]||0,p="".concat(g," ").concat(m);t[g]=m+1;var s=o(p),l={css:d[1],media:d[2],sourceMap:d[3],supports:d[4],layer:d[5]};if(-1!==s)e[s].references++,e[s].updater(l);else{var c=function(r,e){var o=e.domAPI(e);return o.update(r),function(e){e?(e.css!==r.css||e.media!==r.media||e.sourceMap!==r.sourceMap||e.supports!==r.supports||e.layer!==r.layer)&&o.update(r=e):o.remove()}}(l,a);a.byIndex=i,e.splice(i,0,{identifier:p,updater:c,references:1})}n.push(p)}return n}r.exports=function(r,t){var n=a(r=r||[],t=t||{});return function(r){r=r||[];for(var i=0;i<n.length;i++){var d=o(n[i]);e[d].references--}for(var g=a(r,t),m=0;m<n.length;m++){var p=o(n[m]);0===e[p].references&&(e[p].updater(),e.splice(p,1))}n=g}}},659(r){var e={};r.exports=function(r,o){var a=function(r){if(void 0===e[r]){var o=document.querySelector(r);if(window.HTMLIFrameElement&&o instanceof window.HTMLIFrameElement)try{o=o.contentDocument.head}catch(r){o=null}e[r]=o}return e[r]}(r);if(!a)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");a.appendChild(o)}},540(r){r.exports=function(r){var e=document.createElement("style");return r.setAttributes(e,r.attributes),r.insert(e,r.options),e}},56(r,e,o){r.exports=function(r){var e=o.nc;e&&r.setAttribute("nonce",e)}},206(r){r.exports=function(r){if("u"<typeof document)return{update:function(){},remove:function(){}};var e=r.insertStyleElement(r);return{update:function(o){var a,t,n;a="",o.supports&&(a+="@supports (".concat(o.supports,") {")),o.media&&(a+="@media ".concat(o.media," {")),(t=void 0!==o.layer)&&(a+="@layer".concat(o.layer.length>0?" ".concat(o.layer):""," {")),a+=o.css,t&&(a+="}"),o.media&&(a+="}"),o.supports&&(a+="}"),(n=o.sourceMap)&&"u">typeof btoa&&(a+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(n))))," */")),r.styleTagTransform(a,e,r.options)},remove:function(){var r;null===(r=e).parentNode||r.parentNode.removeChild(r)}}}},113(r){r.exports=function(r,e){if(e.styleSheet)e.styleSheet.cssText=r;else{for(;e.firstChild;)e.removeChild(e.firstChild);e.appendChild(document.createTextNode(r))}}},959(r,e,o){var a=o(72),t=o.n(a),n=o(206),i=o.n(n),d=o(659),g=o.n(d),m=o(56),p=o.n(m),s=o(540),l=o.n(s),c=o(113),u=o.n(c),x=o(646),f={};f.styleTagTransform=u(),f.setAttributes=p(),f.insert=g().bind(null,"head"),f.domAPI=i(),f.insertStyleElement=l(),t()(x.A,f),x.A&&x.A.locals&&x.A.locals}}]);