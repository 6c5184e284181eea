/** The texts of the screen, translatable: JupyterLab's bundle, or the English of the source. */

/** The part of JupyterLab's `TranslationBundle` that we use. Tools find the texts by its names. */
export interface Translations {
  __(text: string, ...values: unknown[]): string;
  _n(one: string, many: string, count: number, ...values: unknown[]): string;
}

const fill = (text: string, values: unknown[]): string =>
  text.replace(/%(\d)/g, (_, place: string) => String(values[Number(place) - 1]));

/** The English of the source, for hosts without translations. */
export const english: Translations = {
  __: (text, ...values) => fill(text, values),
  _n: (one, many, count, ...values) => fill(count === 1 ? one : many, [count, ...values])
};
