/** Prose of the model, Markdown: its words and its thoughts. */

import type { Claim } from '../contract/claims';
import type { Text, Thought } from '../contract/parts';
import { partSeconds } from '../contract/stats';
import { Disclosure, DisclosureView } from '../dom/disclosure';
import { element, setText } from '../dom/element';
import type { LazySection } from '../dom/lazySection';
import { drawGrowingMarkdown, drawMarkdown } from '../text/markdown';
import { markNumbers } from '../text/marks';
import { sanitize } from '../text/sanitize';
import { enhanceTables } from './tables';
import { isGrowing, type Context, type Piece, type Placed } from './context';

type Prose = Text | Thought;

export class TextView implements Piece<Placed<Prose>> {
  readonly node: HTMLElement;
  #shown = '';
  #complete = false;
  #claims: readonly Claim[] = [];
  readonly #section: LazySection;

  constructor({ doc }: Context, section: LazySection) {
    this.node = element(doc, 'div', 'gm-prose');
    this.#section = section;
  }

  update({ part, index }: Placed<Prose>, context: Context): void {
    const growing = isGrowing(context, index);
    const claims = context.numbers.of(index);
    const same = part.text === this.#shown && claims === this.#claims;
    if (!same || this.#complete === growing) {
      this.#shown = part.text;
      this.#claims = claims;
      this.#complete = !growing;
      this.#draw(sanitize(part.text), growing, context);
    }
  }

  /** Markdown takes most of the time in which a saved run is drawn, so what is far comes later. */
  #draw(text: string, growing: boolean, context: Context): void {
    if (growing) {
      // Formulas that are typeset would be taken apart again by the next piece.
      drawGrowingMarkdown(this.node, text);
    } else if (context.live) {
      this.#drawComplete(text, context);
    } else {
      const shown = this.#shown;
      if (!this.node.hasChildNodes()) {
        this.node.textContent = text;
      }
      this.#section.defer(() => {
        if (shown === this.#shown) {
          this.#drawComplete(text, context);
        }
      });
    }
  }

  #drawComplete(text: string, context: Context): void {
    const { hooks, numbers } = context;
    const { typeset } = hooks;
    drawMarkdown(this.node, text);
    if (this.#claims.length) {
      markNumbers(this.node, text, this.#claims, claim => numbers.mark(claim));
    }
    enhanceTables(context, this.node);
    if (typeset) {
      this.node.querySelectorAll<HTMLElement>('.gm-maths').forEach(typeset);
    }
  }
}

export class ThoughtView extends DisclosureView implements Piece<Placed<Thought>> {
  readonly #label: HTMLElement;
  readonly #text: TextView;
  #latest: [Placed<Thought>, Context] | null = null;

  constructor(context: Context, section: LazySection) {
    super(new Disclosure(context.doc, 'gm-thought', () => this.#draw()));
    this.#label = element(context.doc, 'span', 'gm-meta');
    this.disclosure.title.append(this.#label);
    this.#text = new TextView(context, section);
    this.disclosure.body.append(this.#text.node);
  }

  update(placed: Placed<Thought>, context: Context): void {
    const { trans } = context.hooks;
    const seconds = partSeconds(context.stats, placed.index);
    const thoughts = trans.__('Thoughts');
    setText(
      this.#label,
      seconds && seconds >= 1 ? `${thoughts} · ${trans.__('%1 s', Math.round(seconds))}` : thoughts
    );
    this.#latest = [placed, context];
    this.disclosure.setByDefault(context.hooks.options.showThoughts);
    if (this.disclosure.open) {
      this.#draw();
    }
  }

  #draw(): void {
    if (this.#latest) {
      this.#text.update(...this.#latest);
    }
  }
}
