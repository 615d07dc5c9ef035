/* Python in a worker, so that the page never freezes.
 *
 * To the worker:  {kind: "start", base, files, archives}
 *                     files: [{url, path}], put beside the cells
 *                     archives: [url], whose packages can be imported
 *                 {kind: "run", number, cells, saved, seconds}
 *                     cells: [{name, source}], run in their order until one is stopped by an error
 *                     saved: {path, text} or null, written before anything runs
 * From it:        {kind: "progress", text}, then {kind: "ready", python, numpy} or {kind: "broken", text}
 *                 {kind: "began", number, name}
 *                 {kind: "output", number, name, stream, text}    stream: stdout, stderr, result
 *                 {kind: "ended", number, name, error}            error: null or {kind, text, line}
 *                 {kind: "done", number}
 *                 {kind: "broken", text}                          Python itself has stopped for good
 *
 * A loop of Python that never ends is stopped here: the interpreter looks into a buffer for signals
 * now and then, and this buffer has a clock. What does not come back from a library is stopped by
 * the page, which ends the worker.
 */

const NO_MODULE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);  // WebAssembly with nothing in it
const HOME = "/home/pyodide";
const SIGINT = 2;
const AGAIN = 1000;  // milliseconds
let python, runner;
let deadline = Infinity;

const clock = {
  get 0() {
    if (performance.now() < deadline) return 0;
    deadline = performance.now() + AGAIN;  // code that catches everything is told once more
    return SIGINT;
  },
  set 0(_) { /* the interpreter clears what it has read */ },
};

const say = (kind, about = {}) => postMessage({ kind, ...about });

async function bytes(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} cannot be loaded (${answer.status})`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function start({ base, files, archives, runnerUrl }) {
  say("progress", { text: "Loading Python …" });
  await WebAssembly.compile(NO_MODULE);  // where a policy forbids it, Pyodide would wait without an end
  const wanted = [runnerUrl, ...files.map(({ url }) => url)];
  const texts = Promise.all(wanted.map(bytes));
  const packages = Promise.all([`${base}numpy.zip`, ...archives].map(bytes));
  for (const loaded of [texts, packages]) loaded.catch(() => {});  // said when it is waited for
  const { loadPyodide } = await import(`${base}pyodide.js`);
  python = await loadPyodide({
    indexURL: base,
    stdin: () => { throw new Error("no input"); },
  });
  say("progress", { text: "Loading NumPy …" });
  const extractDir = python.runPython("import site; site.getsitepackages()[0]");
  for (const archive of await packages) python.unpackArchive(archive, "zip", { extractDir });
  const [runnerText, ...contents] = await texts;
  python.FS.writeFile(`${extractDir}/live_runner.py`, runnerText);
  files.forEach(({ path }, place) => python.FS.writeFile(`${HOME}/${path}`, contents[place]));
  runner = python.pyimport("live_runner");
  python.setInterruptBuffer(clock);
  say("ready", python.runPython(
    "import numpy, platform; {'python': platform.python_version(), 'numpy': numpy.__version__}",
  ).toJs({ dict_converter: Object.fromEntries }));
}

function run({ number, cells, saved, seconds }) {
  if (saved) python.FS.writeFile(`${HOME}/${saved.path}`, saved.text);
  runner.stop_after(seconds);
  for (const { name, source } of cells) {
    say("began", { number, name });
    const emit = (stream, text) => say("output", { number, name, stream, text });
    deadline = performance.now() + 1000 * seconds;
    let error;
    try {
      error = runner.run_cell(name, source, emit);
    } finally {
      deadline = Infinity;
    }
    if (error) {
      const plain = error.toJs({ dict_converter: Object.fromEntries });
      error.destroy();
      error = plain;
    }
    say("ended", { number, name, error: error ?? null });
  }
  say("done", { number });
}

onmessage = async ({ data }) => {
  try {
    if (data.kind === "start") await start(data);
    else run(data);
  } catch (error) {
    say("broken", { text: String(error?.message ?? error) });
  }
};
