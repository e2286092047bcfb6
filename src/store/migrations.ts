/**
 * How older stored documents become current ones. A store remembers its schema version; `init` of a newer Undertone takes every
 * document of an older version through the steps it lacks and writes it back.
 *
 * To change the stored shape: raise SCHEMA_VERSION in src/feedback.ts and add the step from the version before to STEPS in steps.ts.
 */
import { AnalyzedFeedback, SCHEMA_VERSION } from '../feedback.js';

/** A stored document of any version, as JSON. */
export type StoredDocument = Record<string, unknown>;

/** From a version to the next: a pure function of the document; the version field is set by the caller. */
export type Migration = (document: StoredDocument) => StoredDocument;

/** Version -> the step that leaves it. */
export type Migrations = Readonly<Record<number, Migration>>;

/** Called only where there is something to migrate. */
export type LoadMigrations = () => Promise<Migrations>;

/** @throws Error where a step is missing or the result is not a current document; names the document by its id. */
export function migrate(document: StoredDocument, migrations: Migrations): AnalyzedFeedback {
  let current = document;
  for (let version = Number(document['schemaVersion']); version < SCHEMA_VERSION; version += 1) {
    const step = migrations[version];
    if (step === undefined)
      throw new Error(`${String(document['id'])}: stored as schema version ${version}, which this Undertone cannot bring up to date`);
    current = { ...step(current), schemaVersion: version + 1 };
  }
  return parseStored(current);
}

/** @throws Error that names the document and the field, where it is not what docs/store.md says. */
export function parseStored(document: unknown): AnalyzedFeedback {
  const result = AnalyzedFeedback.safeParse(document);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const id = String((document as StoredDocument | null)?.['id']);
  throw new Error(
    `${id}: stored document does not fit schema version ${SCHEMA_VERSION}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  );
}

/** What a store's version asks for. @throws Error where the store is newer than this Undertone. */
export function needsMigration(stored: number, name: string): boolean {
  if (stored <= SCHEMA_VERSION) return stored < SCHEMA_VERSION;
  throw new Error(
    `${name}: written by a newer Undertone (schema version ${stored}, this one knows up to ${SCHEMA_VERSION}); upgrade Undertone`,
  );
}
