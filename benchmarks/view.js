/** Draws saved outputs again in an opened notebook, and leaves marks in the browser's trace. */

const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
const idle = () => new Promise(done => requestIdleCallback(done));
const saved = {};

/** Return the first output cell of the opened notebook `name`. */
function cellOf(name) {
  const panels = [...window.jupyterapp.shell.widgets('main')];
  return panels.find(panel => panel.context?.path === name).content.widgets[1];
}

/** Wait until the page has nothing to do for a while. */
async function settle() {
  for (let quiet = 0; quiet < 5; quiet++) {
    await frame();
    await idle();
  }
}

/** Mark `changed` whenever what the run shows has changed; clocks and the like are left out. */
function watch(name, selector) {
  const shown = cellOf(name).node.querySelector(selector);
  const observer = new MutationObserver(() => performance.mark('changed'));
  observer.observe(shown, {
    subtree: true,
    childList: true,
    characterData: true,
    attributeFilter: ['class', 'hidden', 'style']
  });
}

/** Bring a notebook to the front, with the output of its run taken away. */
async function prepare(name) {
  const panels = [...window.jupyterapp.shell.widgets('main')];
  window.jupyterapp.shell.activateById(panels.find(panel => panel.context?.path === name).id);
  const { outputs } = cellOf(name).model;
  saved[name] ??= outputs.toJSON();
  outputs.clear();
  await settle();
}

/**
 * Put the output back; mark `begin`, and `drawn` after the frame that shows all of it.
 *
 * `counts` says how many elements of each selector that is, none of them empty.
 */
async function draw(name, counts) {
  const { node, model } = cellOf(name);
  const complete = () =>
    Object.entries(counts).every(([selector, count]) => {
      const found = [...node.querySelectorAll(selector)];
      return found.length === count && found.every(each => each.hasChildNodes());
    });
  performance.mark('begin');
  model.outputs.add(saved[name][0]);
  do {
    await frame();
  } while (!complete());
  performance.mark('drawn');
  await settle();
}

window.benchmark = { watch, settle, prepare, draw };
