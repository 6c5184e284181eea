/** What a notebook saves of a run, as it is: nothing of it is checked. */

export interface SavedRun {
  html: string;
  document: unknown;
  metadata: unknown;
}
