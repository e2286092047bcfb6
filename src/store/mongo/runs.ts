/** Run documents, their parts inside: with some 10,000 parts a run nears the size a document may have (16 MB). */
import type { WithId } from 'mongodb';
import type { Run, RunPart, RunStatus, RunStore } from '../port.js';
import { isDuplicate, patiently, type Connection } from './connection.js';
import { versioned, type RunDocument } from './documents.js';

export class MongoRuns implements RunStore {
  constructor(private readonly connection: Connection) {}

  async start(run: Run): Promise<Run> {
    const { id, sources, parts, ...rest } = run;
    const document: RunDocument = versioned({
      _id: id,
      ...rest,
      sources: JSON.stringify(sources),
      parts: parts.map(({ spec, ...part }) => ({ ...part, spec: JSON.stringify(spec ?? null) })),
    });
    try {
      await patiently(() => this.connection.collections.runs.insertOne(document));
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
    return found(await this.read(id), id);
  }

  async get(id: string): Promise<Run | undefined> {
    const document = await this.read(id);
    return document === null ? undefined : toRun(document);
  }

  async latest(limit: number): Promise<Run[]> {
    const { runs } = this.connection.collections;
    const documents = await patiently(() => runs.find().sort({ startedAt: -1, _id: -1 }).limit(limit).toArray());
    return documents.map(toRun);
  }

  async finishPart(id: string, index: number, result: Pick<RunPart, 'status' | 'counts' | 'days' | 'error'>): Promise<Run> {
    const { status, counts, days, error } = result;
    const at = `parts.${index}`;
    const document = await patiently(() =>
      this.connection.collections.runs.findOneAndUpdate(
        { _id: id, [`${at}.key`]: { $exists: true } },
        {
          $set: {
            [`${at}.status`]: status,
            [`${at}.counts`]: counts,
            [`${at}.days`]: days,
            ...(error !== undefined && { [`${at}.error`]: error }),
          },
          ...(error === undefined && { $unset: { [`${at}.error`]: '' } }),
        },
        { returnDocument: 'after' },
      ),
    );
    if (document === null) {
      const { parts } = found(await this.read(id), id);
      throw new RangeError(`run ${id}: expected a part from 0 to ${parts.length - 1}, got ${index}`);
    }
    return toRun(document);
  }

  async close(id: string, status: Exclude<RunStatus, 'running'>, closedAt: string, error?: string): Promise<Run> {
    const document = await patiently(() =>
      this.connection.collections.runs.findOneAndUpdate(
        { _id: id },
        { $set: { status, closedAt, ...(error !== undefined && { error }) }, ...(error === undefined && { $unset: { error: '' } }) },
        { returnDocument: 'after' },
      ),
    );
    return found(document, id);
  }

  private read(id: string): Promise<WithId<RunDocument> | null> {
    return patiently(() => this.connection.collections.runs.findOne({ _id: id }));
  }
}

function found(document: RunDocument | null, id: string): Run {
  if (document === null) throw new Error(`run ${id}: expected in the store, got none`);
  return toRun(document);
}

function toRun({ _id, sources, parts, schemaVersion: _version, ...rest }: RunDocument): Run {
  return {
    id: _id,
    ...rest,
    sources: JSON.parse(sources) as unknown[],
    parts: parts.map(({ spec, ...part }) => ({ ...part, spec: JSON.parse(spec) as unknown })),
  };
}
