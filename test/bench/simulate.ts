/**
 * `npm run simulate`: how often the comparison of weeks cries wolf, and how often it sees the wolf. Made-up weeks of 40 topics go through
 * the comparison that `trends`, the night's report and the movers use.
 *   quiet     500 weeks in which nothing changed: any change called significant is a false discovery, so the share of weeks with one is the
 *             false-discovery rate (all hypotheses are true: Benjamini & Hochberg 1995). Stated level: 0.10.
 *   planted   500 weeks in each of which one topic's negative share rises from 20 to 45 %: the share of weeks that find it is the power; the mean
 *             share of what is called significant in a week and was not planted is the false-discovery rate.
 * Authors write 1, 2 or 4 messages of a topic in a week (70, 20, 10 %) and think the same in all of them; with messages as the unit the quiet
 * weeks are shown once more, to say why the author is the unit.
 */
import { BASELINE_WEEKS, compareFamily, nothing, SIGNIFICANT_Q, type Pair, type Tally } from '../../src/reports/comparison.js';
import { random } from '../store/generate.js';

const WEEKS = 500;
const TOPICS = 40;
const next = random(2026);
/** Authors a week of the topic: from a few to some hundred, as topics are. */
const sizes = Array.from({ length: TOPICS }, (_, i) => Math.round(4 * 1.1 ** i));
const usual = Array.from({ length: TOPICS }, (_, i) => 0.05 + 0.5 * ((i * 7) % TOPICS) / TOPICS); // prettier-ignore
/** A topic of middling size. */
const PLANTED = 25;
usual[PLANTED] = 0.2;

function addWeek(tally: Tally, authors: number, share: number): void {
  for (let i = 0; i < authors; i++) {
    const luck = next();
    const messages = luck < 0.7 ? 1 : luck < 0.9 ? 2 : 4;
    const negative = next() < share ? 1 : 0;
    tally.voices += 1;
    tally.negativeVoices += negative;
    tally.n += messages;
    tally.negative += negative * messages;
  }
}

function family(planted: number | undefined): Pair[] {
  return sizes.map((authors, i) => {
    const pair: Pair = { current: nothing(), baseline: nothing() };
    for (let week = 0; week < BASELINE_WEEKS; week++) addWeek(pair.baseline, authors, usual[i]!);
    addWeek(pair.current, authors, i === planted ? 0.45 : usual[i]!);
    return pair;
  });
}

const byMessage = ({ n, negative }: Tally): Tally => ({ n, negative, voices: n, negativeVoices: negative });
const found = (pairs: readonly Pair[]): number[] =>
  compareFamily(pairs).flatMap((measure, i) => (measure?.significant === true ? [i] : [])); // prettier-ignore
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;

let alarms = 0;
let alarmsByMessage = 0;
for (let i = 0; i < WEEKS; i++) {
  const pairs = family(undefined);
  if (found(pairs).length > 0) alarms++;
  if (found(pairs.map(({ current, baseline }) => ({ current: byMessage(current), baseline: byMessage(baseline) }))).length > 0)
    alarmsByMessage++;
}
let seen = 0;
let falseShare = 0;
for (let i = 0; i < WEEKS; i++) {
  const significant = found(family(PLANTED));
  falseShare += significant.filter((topic) => topic !== PLANTED).length / Math.max(1, significant.length) / WEEKS;
  if (significant.includes(PLANTED)) seen++;
}
say(`${WEEKS} quiet weeks, ${TOPICS} topics of ${sizes[0]} to ${sizes.at(-1)} authors a week: false-discovery rate ${percent(alarms / WEEKS)} (stated ${percent(SIGNIFICANT_Q)})`); // prettier-ignore
say(`  with messages as the unit: ${percent(alarmsByMessage / WEEKS)}`);
say(`${WEEKS} weeks with one planted change (20 -> 45 % negative, ${sizes[PLANTED]} authors): power ${percent(seen / WEEKS)}, false-discovery rate ${percent(falseShare)}`); // prettier-ignore
