/** The shop's tuned.tsv: in the format of sentiment.tsv, each line saying where it comes from. */
import type { Gain } from './gain.js';
import type { TunedTerm, Tuning } from './tune.js';

const decimals = (x: number): string => x.toFixed(1);

const remark = ({ before, texts, positive }: TunedTerm): string =>
  `# ${before === 0 ? 'new' : `was ${decimals(before)}`}, in ${texts} texts, ${positive} of them rated well`;

const percent = (share: number): string => (share * 100).toFixed(1);

/** `macro-F1 88.1 -> 90.4 (95% interval of the difference +1.1 to +3.6)`, in percent. */
export function gainInWords({ before, after, low, high }: Gain): string {
  const signed = (x: number): string => `${x < 0 ? '-' : '+'}${percent(Math.abs(x))}`;
  return (
    `macro-F1 ${percent(before.macroF1)} -> ${percent(after.macroF1)} (95% interval of the difference ${signed(low)} to ${signed(high)}), ` +
    `accuracy ${percent(before.accuracy)} -> ${percent(after.accuracy)}`
  );
}

/** The same bytes for the same texts. No date, no path: the file can be kept under version control. */
export function tunedFile({ gain, terms, negative, positive }: Tuning): string {
  const lines = [
    `# Written by \`undertone tune\` from ${negative + positive} texts with ratings, and written anew each time. Weights of your own belong in`,
    '# sentiment.tsv beside this file, which wins. term<TAB>weight<TAB># what it was, and where it was seen.',
    ...(gain === undefined ? [] : [`# Cross-validated, in percent: ${gainInWords(gain)}.`]),
    ...terms.map((term) => `${term.term}\t${decimals(term.after)}\t${remark(term)}`),
  ];
  return `${lines.join('\n')}\n`;
}
