/**
 * The shop's own entries laid over a compiled lexicon. Only these few are parsed and added: compiling all of a language again takes
 * some ten times longer, and every analysis thread would wait for it.
 */
import { fold } from '../text/fold.js';
import type { LexiconFiles } from '../types.js';
import { entryWords, holdsNegator, type LexiconCounts } from './compile.js';
import { LexiconError, MODIFIER_KINDS, parseBlockers, parseModifiers, parseTerms, type Modifier, type Term } from './parse.js';
import { pack, unpack, type Section } from './pack.js';
import { TrieBuilder } from './trie.js';

/** What the shop says of one entry. */
interface Addition {
  blocks: boolean;
  modifier?: Modifier;
  term?: Term;
}

/**
 * Gives the lexicon with the shop's terms, modifiers, blockers and emoji; topic patterns are `compileLexicon`'s. The shop's weight,
 * factor or blocker stands in for ours, and of two entries of the shop's for one term the later stands.
 * @param packed what `compileLexicon` gave; not changed, and returned as it is where the shop has nothing to add
 * @throws LexiconError listing every fault with file and line.
 */
export function extendLexicon(language: string, packed: Uint8Array, files: LexiconFiles): Uint8Array {
  const names = ['emoji.tsv', ...['sentiment', 'modifiers', 'blockers'].map((name) => `${language}/${name}.tsv`)];
  const [emoji = [], sentiment = [], modifiers = [], blockers = []] = names.map((name) => files.overlay?.(name) ?? []);
  if (emoji.length + sentiment.length + modifiers.length + blockers.length === 0) return packed;
  const { sections, meta } = unpack(packed);
  const counts = { ...(meta as LexiconCounts) };
  const faults: string[] = [];
  const reportFor = (place: string) => (line: number, message: string) => faults.push(`${place}:${line}: ${message}`);
  const terms = [...emoji, ...sentiment].flatMap(({ place, text }) => parseTerms(text, reportFor(place)));
  const modifying = modifiers.flatMap(({ place, text }) => parseModifiers(text, reportFor(place)));
  if (faults.length > 0) {
    throw new LexiconError(`${faults.length} faults in the shop's own ${language} lexicon\n${faults.slice(0, 50).join('\n')}`);
  }

  const trie = new TrieBuilder(sections);
  const added = new Map<number, Addition>();
  const additionTo = (entry: string): Addition => {
    const node = trie.add(entryWords(language, entry));
    let addition = added.get(node);
    if (addition === undefined) added.set(node, (addition = { blocks: false }));
    return addition;
  };
  for (const { text } of blockers) for (const entry of parseBlockers(text)) additionTo(entry).blocks = true;
  for (const modifier of modifying) additionTo(modifier.term).modifier = modifier;
  for (const term of terms) additionTo(term.term).term = term;
  // What an entry without a single word comes to.
  added.delete(0);

  const nodes = trie.nodes;
  const anchoredAt = new Int32Array(nodes + 1).fill(sections['anchoredAt']!.at(-1)!);
  anchoredAt.set(sections['anchoredAt']!);
  const grown = <T extends Section>(name: string, missing: number): T => {
    const old = sections[name] as T | undefined;
    const array = new (old?.constructor as new (n: number) => T)(nodes);
    array.fill(missing);
    array.set(old!);
    return array;
  };
  const weight = grown<Float32Array>('weight', Number.NaN);
  const modifier = grown<Int8Array>('modifier', -1);
  const factor = grown<Float32Array>('factor', 0);
  const blocker = grown<Uint8Array>('blocker', 0);
  const selfNegated = grown<Uint8Array>('selfNegated', 0);
  const isOutput = grown<Uint8Array>('isOutput', 0);
  const ofShop = new Uint8Array(nodes);
  const negators = negatorsOf(language, files, modifying);
  for (const [node, what] of added) {
    isOutput[node] = 1;
    blocker[node] = 0;
    if (what.blocks) {
      weight[node] = Number.NaN;
      modifier[node] = -1;
      blocker[node] = 1;
      counts.blockers++;
    }
    if (what.modifier !== undefined) {
      if (modifier[node]! < 0) counts.modifiers++;
      modifier[node] = MODIFIER_KINDS.indexOf(what.modifier.kind);
      factor[node] = what.modifier.factor;
    }
    if (what.term !== undefined) {
      if (Number.isNaN(weight[node])) counts.terms++;
      weight[node] = what.term.weight;
      ofShop[node] = 1;
      selfNegated[node] = holdsNegator(language, negators, fold(language, what.term.term)) ? 1 : 0;
    }
  }
  const own = { weight, modifier, factor, blocker, selfNegated, isOutput, ofShop, anchoredAt };
  return pack({ ...sections, ...trie.sections(), ...own }, counts);
}

function negatorsOf(language: string, files: LexiconFiles, ofShop: readonly Modifier[]): Set<string> {
  const all = [...parseModifiers(files.text(`${language}/modifiers.tsv`), () => undefined), ...ofShop];
  return new Set(all.filter(({ kind, term }) => kind === 'negator' && !term.includes(' ')).map(({ term }) => fold(language, term)));
}
