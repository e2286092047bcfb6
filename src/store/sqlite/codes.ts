/** Codes for the names that repeat in every row: combinations of dimensions, topics, labels. */
import { LABELS, versionsKey, type AnalyzedFeedback, type Label } from '../../feedback.js';
import type { SqliteDatabase } from './driver.js';

export const labelCode = (label: Label): number => LABELS.indexOf(label);

/** More distinct values than this (a product per row, say) are looked up in the file again. */
const REMEMBERED = 20_000;

export class Codes {
  private readonly dimensions = new Map<string, number>();
  private readonly topics = new Map<string, number>();

  constructor(private readonly database: SqliteDatabase) {}

  /** What was coded in a transaction that is undone must not be remembered. */
  forget(): void {
    this.dimensions.clear();
    this.topics.clear();
  }

  /** Code of the row's dimensions, made if new; inside a write transaction. */
  dimension({ source, kind, channel = '', analysis, product = '', versions }: AnalyzedFeedback): number {
    const values = [source, kind, channel, analysis.language.code, product, versionsKey(versions)];
    return this.code(this.dimensions, values.join('\u0000'), 'dimension', 'source, kind, channel, language, product, versions', values);
  }

  /** Code of the topic, made if new; inside a write transaction. */
  topic(name: string): number {
    return this.code(this.topics, name, 'topic', 'name', [name]);
  }

  private code(known: Map<string, number>, key: string, table: string, columns: string, values: string[]): number {
    let code = known.get(key);
    if (code === undefined) {
      const marks = values.map(() => '?').join(', ');
      const find = this.database.prepare(`SELECT id FROM ${table} WHERE (${columns}) = (${marks})`);
      if (find.get(values) === undefined) this.database.prepare(`INSERT INTO ${table} (${columns}) VALUES (${marks})`).run(values);
      code = Number(find.get(values)?.['id']);
      if (known.size >= REMEMBERED) known.clear();
      known.set(key, code);
    }
    return code;
  }
}
