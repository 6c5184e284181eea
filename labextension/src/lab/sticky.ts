/** What a run needs of JupyterLab so that its header stays while the notebook scrolls. */

const HOLDER = 'gm-holder';
// What scrolls: the notebook, or a tab with an output.
const SCROLLER = '.jp-WindowedPanel-outer, .jp-Notebook, .lm-DockPanel';

/**
 * Mark the boxes from `host` to what scrolls. JupyterLab cuts each of them off by `overflow: hidden`, and a
 * sticky header goes no further than the nearest such box: https://www.w3.org/TR/css-overflow-3/#valdef-overflow-clip
 */
export function letHeaderStay(host: HTMLElement): void {
  for (let box: Element | null = host; box && !box.matches(SCROLLER); box = box.parentElement) {
    box.classList.add(HOLDER);
  }
}
