/** Reads a quarantined record again, after its source's configuration has been put right. */
import type { SourceConfig } from '../config.js';
import { UnreadableSource } from './errors.js';
import { listFiles } from './paths.js';
import type { Pulled } from './port.js';
import { RecordFile, type ReadOptions } from './record-file.js';

/** What reading a rejected row again takes of it. */
export interface Replayable {
  id: string;
  /** Relative to the source's folder. */
  file: string;
  /** Line of the file on which the record starts. */
  row: number;
  /** Redacted already: what was redacted stays so. */
  raw: string;
}

/**
 * The file itself must still be there, for its header and its layout; the record need not be. The function opens each file once.
 * It gives a reject again where the record still cannot be read, or was kept only in part for its length.
 * It throws UnreadableSource where the file is gone or cannot be read as feedback any more.
 */
export function openReplay(config: SourceConfig, options: ReadOptions): (reject: Replayable) => Promise<Pulled> {
  const files = new Map<string, RecordFile>();
  return async (reject) => {
    let file = files.get(reject.file);
    if (file === undefined) {
      const { folder, names } = await listFiles(config.path);
      if (!names.includes(reject.file))
        throw new UnreadableSource(`source ${config.name}: expected the file ${reject.file}, found it no more`);
      file = await RecordFile.open(folder, reject.file, config, options);
      files.set(reject.file, file);
    }
    const pulled = file.readAgain(reject.raw, reject.row) ?? { ok: false, reason: 'no text', ...reject };
    return pulled.ok ? pulled : { ...pulled, id: reject.id };
  };
}

export const replayRow = (config: SourceConfig, options: ReadOptions, reject: Replayable): Promise<Pulled> =>
  openReplay(config, options)(reject);
