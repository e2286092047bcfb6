// What one would write with franc and natural alone: language by franc among the expected, sentiment by natural's analyzer with the
// vocabulary it has for the language. Reads NDJSON {id,text} on stdin, writes NDJSON on stdout. The yardstick of `npm run bench`.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { franc } from 'franc';

const require = createRequire(import.meta.url);
const { SentimentAnalyzer } = require('natural/lib/natural/sentiment/index.js');
const stemmer = (name) => require(`natural/lib/natural/stemmers/${name}.js`);

const only = ['eng', 'deu', 'swe', 'tha', 'srp', 'ind', 'por'];
const analyzers = {
  eng: new SentimentAnalyzer('English', stemmer('porter_stemmer'), 'afinn'),
  deu: new SentimentAnalyzer('German', stemmer('porter_stemmer_de'), 'pattern'),
  por: new SentimentAnalyzer('Portuguese', stemmer('porter_stemmer_pt'), 'afinn'),
};
const WORDS = /[\p{L}\p{M}\p{N}']+/gu;
const out = [];
for await (const line of createInterface({ input: process.stdin })) {
  const { id, text } = JSON.parse(line);
  const language = franc(text, { only, minLength: 1 });
  const words = text.toLowerCase().match(WORDS) ?? [];
  const score = words.length === 0 ? 0 : (analyzers[language]?.getSentiment(words) ?? 0);
  out.push(JSON.stringify({ id, language, score }));
}
process.stdout.write(`${out.join('\n')}\n`);
