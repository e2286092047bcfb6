/** Which languages the authors of a batch write in: a hint for those of their texts that are too short to tell. */
import type { AnalyzedFeedback } from '../src/feedback.js';

/** A language this sure counts as the author's; a text less sure than that may be read again with the hint. Set. */
const SURE = 0.8;

/** Texts by language, of an author. */
export type AuthorLanguages = Readonly<Record<string, number>>;

/**
 * Pairs of a text whose language is not sure with the languages of its author's other texts in the same batch, where there are any. Only
 * the batch is looked at: what is stored must not depend on which worker came first.
 */
export function unsureTexts(batch: readonly AnalyzedFeedback[]): { item: AnalyzedFeedback; authorLanguages: AuthorLanguages }[] {
  const languages = new Map<string, Record<string, number>>();
  for (const { customer, analysis } of batch) {
    const { code, confidence } = analysis.language;
    if (customer === undefined || code === 'und' || confidence < SURE) continue;
    let counts = languages.get(customer);
    if (counts === undefined) languages.set(customer, (counts = {}));
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return batch.flatMap((item) => {
    const authorLanguages =
      item.analysis.language.confidence < SURE && item.customer !== undefined ? languages.get(item.customer) : undefined;
    return authorLanguages === undefined ? [] : [{ item, authorLanguages }];
  });
}
