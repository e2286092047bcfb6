/** The wide detector that is asked where our own evidence does not settle it: fastText's language identification, 176 languages. */
import type { LanguageGuess } from '../analysis/index.js';

/** What is used of fasttext.wasm.js, whose own types do not resolve here. `delete` frees memory of the WebAssembly heap. */
interface FastText {
  getLIDModel(this: void): Promise<{ load(): Promise<{ predict(text: string, most: number, threshold: number): Predictions }> }>;
}
interface Predictions {
  size(): number;
  get(i: number): [number, string];
  delete(): void;
}

/** Loads once a process, about a tenth of a second and 18 MB. Its answers are the same everywhere: the model ships in the package. */
let loading: Promise<(text: string) => LanguageGuess[]> | undefined;

/** Half of a surrogate pair cannot be written as UTF-8, which is what the detector reads. */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, " ");

const MOST = 5;
/** Enough of a text to know its language by. */
const LOOK_AT = 600;

/** Codes of Wikipedias -> ours. */
const CODES: Record<string, string> = { no: 'nb', nn: 'nb', arz: 'ar', azb: 'az', ckb: 'ku', pnb: 'pa', als: 'de', bar: 'de', nds: 'de', wuu: 'zh', yue: 'zh' };

export function secondOpinion(): Promise<(text: string) => LanguageGuess[]> {
  loading ??= (async () => {
    const { getLIDModel } = (await import('fasttext.wasm.js')) as unknown as FastText;
    const model = await (await getLIDModel()).load();
    return (text: string): LanguageGuess[] => {
      const sample = wellFormed(text.slice(0, LOOK_AT)).replace(/\s+/g, ' ').toLowerCase();
      const found = model.predict(sample, MOST, 0);
      const shares = new Map<string, number>();
      for (let i = 0; i < found.size(); i++) {
        const [share, label] = found.get(i);
        const raw = label.replace('__label__', '');
        const code = CODES[raw] ?? raw;
        shares.set(code, (shares.get(code) ?? 0) + share);
      }
      found.delete();
      return [...shares].map(([code, share]) => ({ code, share }));
    };
  })();
  return loading;
}
