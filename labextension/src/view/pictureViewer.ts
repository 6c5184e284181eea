/** The viewer of the pictures of a run: fitted to the window, or pixel by pixel with panning. */

import { announce, button } from '../dom/button';
import { element } from '../dom/element';
import type { Context } from './context';

/** Open the viewer with the picture of `opener`, one of the pictures of its run. */
export function openViewer({ doc, hooks }: Context, opener: HTMLElement): void {
  const { trans } = hooks;
  const run = opener.closest('.gm-run') ?? opener.parentElement!;
  const pictures = [...run.querySelectorAll<HTMLImageElement>('.gm-picture > img')];
  let at = pictures.findIndex(picture => opener.contains(picture));

  const dialog = element(doc, 'dialog', 'gm-viewer');
  const title = element(doc, 'span', 'gm-meta');
  const stage = element(doc, 'div', 'gm-stage');
  const picture = element(doc, 'img');
  stage.append(picture);
  const size = button(doc, 'gm-size', '', () => setFitted(!fitted));
  const save = element(doc, 'a', 'gm-button gm-save', trans.__('Save'));
  const copy = button(doc, 'gm-copy-picture', trans.__('Copy'), () => {
    void copyPicture(picture).then(done =>
      announce(copy, done ? trans.__('Copied') : trans.__('The browser forbids it'))
    );
  });
  const previous = button(doc, 'gm-previous', '‹', () => show(at - 1));
  previous.ariaLabel = trans.__('Previous picture');
  const next = button(doc, 'gm-next', '›', () => show(at + 1));
  next.ariaLabel = trans.__('Next picture');
  const close = button(doc, 'gm-close', trans.__('Close'), () => dialog.close());
  const bar = element(doc, 'div', 'gm-viewer-bar');
  bar.append(title, previous, next, size, copy, save, close);
  previous.hidden = next.hidden = pictures.length < 2;
  dialog.append(bar, stage);

  let fitted = true;
  const setFitted = (fit: boolean) => {
    fitted = fit;
    stage.classList.toggle('gm-fitted', fit);
    size.textContent = fit ? '100 %' : trans.__('Fit');
    size.ariaLabel = fit ? trans.__('Show every pixel') : trans.__('Fit into the window');
  };
  const show = (place: number) => {
    at = (place + pictures.length) % pictures.length;
    const { src, alt } = pictures[at]!;
    picture.src = save.href = src;
    picture.alt = dialog.ariaLabel = alt;
    save.download = `${alt.toLowerCase().replace(/\W+/g, '-')}.${extensionOf(src)}`;
    title.textContent = pictures.length > 1 ? `${alt} · ${at + 1}/${pictures.length}` : alt;
    setFitted(true);
  };
  show(at);
  panWithPointer(stage, () => setFitted(!fitted));
  dialog.addEventListener('click', event => event.target === dialog && dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('keydown', event => {
    // No key may act on the cells of the page below, which the picture covers.
    event.stopPropagation();
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && fitted) {
      show(at + step);
    }
  });
  opener.after(dialog);
  dialog.showModal();
  close.focus();
}

/** Let the pointer drag the content of `stage`; `click` is called if it did not move. */
function panWithPointer(stage: HTMLElement, click: () => void): void {
  let moved = 0;
  stage.addEventListener('pointerdown', event => {
    moved = 0;
    // Else the browser would drag the picture itself.
    event.preventDefault();
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener('pointermove', event => {
    if (stage.hasPointerCapture(event.pointerId)) {
      moved += Math.abs(event.movementX) + Math.abs(event.movementY);
      stage.scrollBy(-event.movementX, -event.movementY);
    }
  });
  stage.addEventListener('click', () => {
    if (moved < 4) {
      click();
    }
  });
}

/** Put a picture on the clipboard as PNG, the one type that every browser takes. */
async function copyPicture(picture: HTMLImageElement): Promise<boolean> {
  try {
    const canvas = element(picture.ownerDocument, 'canvas');
    canvas.width = picture.naturalWidth;
    canvas.height = picture.naturalHeight;
    canvas.getContext('2d')!.drawImage(picture, 0, 0);
    const blob = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, 'image/png'));
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob! })]);
    return true;
  } catch {
    return false;
  }
}

function extensionOf(source: string): string {
  const kind = /^data:image\/([a-z]+)/.exec(source)?.[1] ?? 'png';
  return kind === 'jpeg' ? 'jpg' : kind;
}
