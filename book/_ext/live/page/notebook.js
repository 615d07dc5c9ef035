/* Notebooks as they are handed in: which cells a page shows, and how they are read and written. */

const NBFORMAT = 4;

export const textOf = (cell) => [cell.source].flat().join("");
const gradeOf = (cell) => cell.metadata?.nbgrader ?? {};

/** What a cell is to the page: "answer", "words", "check", "code", or "" for what it does not show. */
function kindOf(cell) {
  const { grade, solution } = gradeOf(cell);
  if (cell.cell_type === "markdown") return solution ? "words" : "";
  if (cell.cell_type !== "code") return "";
  if (solution) return "answer";
  return grade ? "check" : "code";
}

/** The cells of a notebook, each with a key of its own: a cell that was split has its id twice. */
export function keyed(notebook) {
  const seen = new Map();
  return notebook.cells.map((cell, place) => {
    const id = gradeOf(cell).grade_id ?? cell.id ?? `cell-${place}`;
    const count = (seen.get(id) ?? 0) + 1;
    seen.set(id, count);
    return { key: count === 1 ? id : `${id}~${count}`, id, cell, kind: kindOf(cell) };
  });
}

/** The ids that nbgrader knows cells by. */
const graded = (notebook) =>
  new Set(notebook.cells.map((cell) => gradeOf(cell).grade_id).filter(Boolean));

/**
 * A notebook that was begun elsewhere, with the cells that it lacks put where the release has them.
 *
 * @param {string} text - of the file
 * @param {object} release - the notebook that was given out
 * @param {string} set - name of the problem set
 */
export function readNotebook(text, release, set) {
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    throw new Error(`This file is no notebook. Choose ${set}.ipynb, as you have worked on it.`);
  }
  if (!Array.isArray(found?.cells) || found.nbformat !== NBFORMAT) {
    throw new Error(
      `This file is no notebook of Jupyter's format ${NBFORMAT}. Choose ${set}.ipynb, ` +
      "as you have worked on it.",
    );
  }
  const wanted = graded(release), there = graded(found);
  if (![...wanted].some((id) => there.has(id))) {
    const other = [...there][0];
    throw new Error(
      `This notebook has no cell of ${set}` +
      (other ? `; it has ${other}: open it on the page of its own problem set.`
        : ". Choose the notebook that you got for this problem set."),
    );
  }
  return withMissingCells(found, release);
}

function withMissingCells(found, release) {
  const cells = found.cells.map(({ outputs, execution_count, ...cell }) =>
    cell.cell_type === "code" ? { ...cell, outputs: [], execution_count: null } : cell);
  const place = (id) => cells.findLastIndex((cell) => (gradeOf(cell).grade_id ?? cell.id) === id);
  let before = -1;
  for (const cell of release.cells) {
    const id = gradeOf(cell).grade_id ?? cell.id;
    const here = place(id);
    if (here < 0 && gradeOf(cell).grade_id) cells.splice(++before, 0, structuredClone(cell));
    else if (here >= 0) before = here;
  }
  return { ...found, cells };
}

/** A source as notebooks have it: its lines, each with its end. */
const lines = (text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/**
 * The file of a notebook with other texts in its cells: what is handed in.
 *
 * @param {object} notebook
 * @param {(key: string) => string | null} textFor - null for what has not changed
 */
export function writeNotebook(notebook, textFor) {
  const cells = keyed(notebook).map(({ key, cell }) => {
    const text = textFor(key);
    return text === null ? cell : { ...cell, source: lines(text) };
  });
  return `${JSON.stringify({ ...notebook, cells }, null, 1)}\n`;
}
