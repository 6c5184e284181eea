/** Where the numbers of an answer stand: one line below it, a list, and a mark at each number. */

import { readClaims, type Claim, type Place } from '../contract/claims';
import { button } from '../dom/button';
import { element, setVisible } from '../dom/element';
import type { Context, Numbers } from './context';
import { entriesOf, entryOf, isDoubtful, summaryOf, titleOf, type Entry } from './claimWords';
import { ClaimPopover } from './claimPopover';

const NONE: readonly Claim[] = [];

/** Open the place of a number, light it up, and return what goes back; null if it is not in this run. */
export type Reveal = (place: Place) => (() => void) | null;

/** The number that was pressed, and how to go back from it. */
interface Pinned {
  claim: Claim;
  from: HTMLElement;
  back: (() => void) | null;
}

export class Claims implements Numbers {
  readonly node: HTMLElement;
  readonly #line: HTMLButtonElement;
  readonly #list: HTMLElement;
  readonly #popover: ClaimPopover;
  readonly #reveal: Reveal;
  readonly #marks = new Map<Claim, HTMLElement>();
  readonly #rows = new Map<Claim, HTMLElement>();
  #context: Context | null = null;
  #read: unknown = undefined;
  #claims: readonly Claim[] = NONE;
  #byPart = new Map<number, Claim[]>();
  #pinned: Pinned | null = null;
  /** True after Escape until the pointer moves: what scrolls below it must not open the popover again. */
  #dismissed = false;

  constructor(doc: Document, root: HTMLElement, reveal: Reveal) {
    this.#reveal = reveal;
    this.#popover = new ClaimPopover(doc);
    this.node = element(doc, 'div', 'gm-claims');
    this.#line = button(doc, 'gm-claims-line', '', () => this.#toggle());
    this.#line.ariaExpanded = 'false';
    this.#list = element(doc, 'ul', 'gm-claims-list');
    setVisible(this.#list, false);
    setVisible(this.node, false);
    this.node.append(this.#line, this.#list, this.#popover.node);
    root.addEventListener('pointerover', ({ target }) => this.#hover(target as Element));
    root.addEventListener('pointermove', ({ movementX, movementY }) => {
      this.#dismissed &&= !movementX && !movementY;
    });
    root.addEventListener('click', ({ target }) => this.#press(target as Element));
  }

  /** Read what the run says of its numbers: nothing is said before it has ended. */
  update(context: Context): void {
    const { doc, hooks, run, live } = context;
    const written = live || run.state === 'running' ? undefined : run.claims;
    this.#context = context;
    if (written === this.#read) {
      return;
    }
    this.#unpin();
    this.#read = written;
    this.#claims = readClaims(written ?? {});
    this.#byPart = byPart(this.#claims);
    this.#marks.clear();
    const summary = summaryOf(doc, hooks.trans, this.#claims, run.parts);
    setVisible(this.node, summary !== null);
    if (summary) {
      const { found, doubts, unread } = summary;
      const doubtful = element(doc, 'span', 'gm-doubtful', doubts.join(' · '));
      this.#line.replaceChildren(
        ...[
          found,
          found && doubts.length ? ' · ' : '',
          doubts.length ? doubtful : '',
          unread && ` ${unread}`
        ]
      );
    }
    this.#list.replaceChildren();
    this.#rows.clear();
    if (!this.#list.hidden) {
      this.#fill();
    }
  }

  of(part: number): readonly Claim[] {
    return this.#byPart.get(part) ?? NONE;
  }

  mark(claim: Claim): HTMLElement | null {
    if (claim.kind === 'common') {
      return null;
    }
    const mark = element(this.node.ownerDocument, 'span', 'gm-claimed');
    mark.classList.toggle('gm-doubtful', isDoubtful(claim));
    this.#marks.set(claim, mark);
    return mark;
  }

  dispose(): void {
    this.#unpin();
    this.#popover.hide();
    this.node.ownerDocument.defaultView?.removeEventListener('keydown', this.#escape, true);
  }

  #toggle(): void {
    const open = this.#list.hidden;
    setVisible(this.#list, open);
    this.#line.ariaExpanded = String(open);
    if (open && !this.#list.hasChildNodes()) {
      this.#fill();
    }
  }

  #fill(): void {
    const { hooks, run } = this.#context!;
    this.#list.append(...entriesOf(hooks.trans, this.#claims, run).map(entry => this.#row(entry)));
  }

  #row(entry: Entry): HTMLElement {
    const { doc } = this.#context!;
    const { claim, words, where, line } = entry;
    const isHere = claim.place !== null && claim.place.turn === 0 && claim.place.part >= 0;
    const row = isHere
      ? button(doc, 'gm-claim', '', () => this.#pin(claim, row, false))
      : element(doc, 'div', 'gm-claim');
    row.classList.toggle('gm-doubtful-row', isDoubtful(claim));
    const quote = claim.kind === 'absent' ? 'span' : 'code';
    row.append(
      element(doc, 'b', 'gm-claim-text', claim.text),
      element(doc, 'span', 'gm-claim-words', where ? `${words}, ${where}` : words),
      element(doc, quote, 'gm-claim-line', line)
    );
    this.#rows.set(claim, row);
    const item = element(doc, 'li');
    item.append(row);
    return item;
  }

  #claimAt(target: Element): [Claim, HTMLElement] | null {
    const mark = target.closest?.<HTMLElement>('.gm-claimed');
    const found = mark && [...this.#marks].find(([, each]) => each === mark);
    return found ? [found[0], mark] : null;
  }

  #hover(target: Element): void {
    const found = this.#claimAt(target);
    if (this.#dismissed) {
      return;
    }
    if (found) {
      this.#show(...found);
    } else if (!this.#pinned || !this.#marks.has(this.#pinned.claim)) {
      this.#popover.hide();
    } else {
      this.#popover.hideUnless(this.#marks.get(this.#pinned.claim)!);
    }
  }

  #press(target: Element): void {
    const found = this.#claimAt(target);
    if (found) {
      this.#pin(...found, true);
    }
  }

  #show(claim: Claim, mark: HTMLElement): void {
    const { hooks, run } = this.#context!;
    this.#popover.show(mark, entryOf(hooks.trans, claim, run));
    this.#listen(mark);
  }

  #listen(node: HTMLElement): void {
    node.ownerDocument.defaultView?.addEventListener('keydown', this.#escape, true);
  }

  /** Show where `claim` stands and keep it; a second press, or Escape, goes back. */
  #pin(claim: Claim, from: HTMLElement, withPopover: boolean): void {
    const again = this.#pinned?.claim === claim;
    this.#unpin();
    if (again) {
      return;
    }
    const back = claim.place ? this.#reveal(claim.place) : null;
    this.#pinned = { claim, from, back };
    this.#light(claim, true);
    if (withPopover) {
      this.#show(claim, from);
    }
    const { hooks, run } = this.#context!;
    const live = from.closest('.gm-run')?.querySelector('[aria-live]');
    live?.replaceChildren(titleOf(entryOf(hooks.trans, claim, run)));
    this.#listen(from);
  }

  #light(claim: Claim, on: boolean): void {
    [this.#marks.get(claim), this.#rows.get(claim)].forEach(node =>
      node?.classList.toggle('gm-on', on)
    );
  }

  readonly #escape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') {
      return;
    }
    this.#dismissed = true;
    const from = this.#pinned?.from;
    if (from) {
      // JupyterLab would leave the mode in which the user is.
      event.preventDefault();
      event.stopPropagation();
    }
    this.#unpin();
    this.#popover.hide();
    from?.scrollIntoView?.({ block: 'nearest' });
    this.node.ownerDocument.defaultView?.removeEventListener('keydown', this.#escape, true);
  };

  #unpin(): void {
    if (this.#pinned) {
      const { claim, back } = this.#pinned;
      this.#pinned = null;
      back?.();
      this.#light(claim, false);
      this.#popover.hide();
    }
  }
}

function byPart(claims: readonly Claim[]): Map<number, Claim[]> {
  const found = new Map<number, Claim[]>();
  for (const claim of claims) {
    found.set(claim.part, [...(found.get(claim.part) ?? []), claim]);
  }
  return found;
}
