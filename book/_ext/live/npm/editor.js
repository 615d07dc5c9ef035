/* The editor of the live pages: CodeMirror with what a cell of a notebook needs, and no more. */
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import {
  bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting,
} from "@codemirror/language";
import { EditorState, RangeSetBuilder } from "@codemirror/state";
import { Decoration, drawSelection, EditorView, keymap, lineNumbers, ViewPlugin } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--live-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--live-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--live-number)" },
  { tag: tags.comment, color: "var(--live-comment)" },
  { tag: tags.definition(tags.variableName), color: "var(--live-name)" },
]);
const LOOK = EditorView.theme({
  "&": { color: "var(--live-text)", backgroundColor: "var(--live-ground)" },
  "&.cm-focused": { outline: "2px solid var(--live-focus)", outlineOffset: "1px" },
  ".cm-content": { caretColor: "var(--live-text)", fontFamily: "var(--live-font)" },
  ".cm-gutters": { color: "var(--live-comment)", backgroundColor: "var(--live-ground)", border: "0" },
  ".cm-cursor": { borderLeftColor: "var(--live-text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { backgroundColor: "var(--live-selection)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--live-selection)" },
});

const EDGE = 6;  // pixels before each line, by the editor's own style

/** What is longer than the editor is wide goes on below, as far in as its line begins. */
const HANGING = ViewPlugin.fromClass(class {
  constructor(view) { this.lines = hanging(view); }

  update({ docChanged, viewportChanged, view }) {
    if (docChanged || viewportChanged) this.lines = hanging(view);
  }
}, { decorations: (plugin) => plugin.lines });

function hanging(view) {
  const found = new RangeSetBuilder();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to;) {
      const line = view.state.doc.lineAt(at), columns = line.text.search(/[^ ]|$/);
      if (columns) found.add(line.from, line.from, indented(columns));
      at = line.to + 1;
    }
  }
  return found.finish();
}

const indented = (columns) => Decoration.line({ attributes: {
  style: `padding-left: calc(${columns}ch + ${EDGE}px); text-indent: -${columns}ch`,
} });

/**
 * An editor in place of a textarea.
 *
 * Tab indents until Escape is pressed; then it leaves the editor, as everywhere else on a page.
 *
 * @param {object} wish - parent, text, cursor, labelledby, describedby; changed(text), run(check)
 * @returns {{text: string, focus: function(): void, element: HTMLElement}}
 */
export function makeEditor({ parent, text, cursor, labelledby, describedby, changed, run }) {
  let leaving = false;
  const tab = (move) => (view) => !leaving && move(view);
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      selection: { anchor: Math.min(cursor, text.length) },
      extensions: [
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of("    "),
        bracketMatching(),
        python(),
        syntaxHighlighting(COLOURS),
        LOOK,
        lineNumbers(),
        EditorView.lineWrapping,
        HANGING,
        EditorView.contentAttributes.of({
          "aria-labelledby": labelledby, "aria-describedby": describedby, autocapitalize: "off",
          tabindex: "0",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed(update.state.doc.toString());
        }),
        EditorView.domEventHandlers({ blur: () => { leaving = false; } }),
        keymap.of([
          { key: "Shift-Enter", run: () => { run(false); return true; } },
          { key: "Mod-Enter", run: () => { run(true); return true; } },
          { key: "Escape", run: () => { leaving = true; return true; } },
          { key: "Tab", run: tab(indentMore), shift: tab(indentLess) },
          ...historyKeymap,
          ...defaultKeymap,
        ]),
      ],
    }),
  });
  return {
    element: view.dom,
    get text() { return view.state.doc.toString(); },
    set text(wanted) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: wanted } });
    },
    focus: () => view.focus(),
  };
}
