/** A live view stays at its end while the user is there, and knows whether the end is below the screen. */

import { element } from './element';

export class Follower {
  /** What stands at the very end of the view. */
  readonly end: HTMLElement;
  readonly #root: HTMLElement;
  readonly #seen: IntersectionObserver | undefined;
  readonly #grown: ResizeObserver | undefined;
  readonly #changed: () => void;
  #target: HTMLElement | null = null;
  #isLive = false;
  #isAtEnd = true;
  #isBelow = false;
  #showsTarget = false;
  #height = 0;

  /** `changed` is called when `isTargetBelow` may have changed. */
  constructor(root: HTMLElement, changed: () => void) {
    this.#root = root;
    this.#changed = changed;
    this.end = element(root.ownerDocument, 'div', 'gm-end');
    root.append(this.end);
    // Without a layout nothing scrolls.
    this.#seen =
      globalThis.IntersectionObserver && new IntersectionObserver(entries => this.#look(entries));
    this.#grown = globalThis.ResizeObserver && new ResizeObserver(() => this.#follow());
    this.#seen?.observe(this.end);
  }

  /** Whether the user sees the end, so that what comes there may move what is above. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /** Whether the target is below the screen. */
  get isTargetBelow(): boolean {
    return this.#isBelow && !this.#showsTarget;
  }

  /** Follow while the run goes on; `target` is where the user may want to go, null for the end. */
  update(live: boolean, target: HTMLElement | null): void {
    if (live !== this.#isLive) {
      this.#isLive = live;
      this.#grown?.[live ? 'observe' : 'unobserve'](this.#root);
    }
    if (target !== this.#target) {
      if (this.#target) {
        this.#seen?.unobserve(this.#target);
      }
      this.#target = target;
      this.#showsTarget = false;
      if (target) {
        this.#seen?.observe(target);
      }
    }
  }

  /** Scroll to the target. */
  goToTarget(): void {
    (this.#target ?? this.end).scrollIntoView({ block: this.#target ? 'start' : 'end' });
  }

  dispose(): void {
    this.#seen?.disconnect();
    this.#grown?.disconnect();
  }

  #look(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting, boundingClientRect, rootBounds } of entries) {
      if (target === this.end) {
        this.#isAtEnd = isIntersecting;
        // What is not rendered has no place: then the end is neither above nor below.
        const bottom = rootBounds?.bottom ?? innerHeight;
        this.#isBelow = !isIntersecting && boundingClientRect.top > bottom - this.#cut();
      } else if (target === this.#target) {
        this.#showsTarget = isIntersecting;
      }
    }
    this.#changed();
  }

  /** Return how much of the window is below what scrolls. */
  #cut(): number {
    const box = this.#scroller()?.getBoundingClientRect();
    return box ? Math.max(0, innerHeight - box.bottom) : 0;
  }

  /**
   * The root has another height since the end was seen: scroll by as much as the end went out of sight.
   * Where older attempts were folded, what is left may be above the screen.
   */
  #follow(): void {
    const height = this.#root.offsetHeight;
    const hasShrunk = height < this.#height;
    this.#height = height;
    const scroller = this.#isAtEnd ? this.#scroller() : null;
    if (scroller) {
      const screen = scroller.getBoundingClientRect();
      const out = this.end.getBoundingClientRect().bottom - screen.bottom;
      const above = Math.min(0, this.#root.getBoundingClientRect().top - screen.top);
      if (out > 0 || hasShrunk) {
        scroller.scrollTop += Math.max(out, above);
      }
    }
  }

  #scroller(): Element | null {
    for (let box = this.#root.parentElement; box; box = box.parentElement) {
      const { overflowY } = getComputedStyle(box);
      if (/auto|scroll/.test(overflowY) && box.scrollHeight > box.clientHeight) {
        return box;
      }
    }
    return null;
  }
}
