/** A file, folder or pattern that cannot be read as feedback at all. Trying again does not help until someone changes it. */
export class UnreadableSource extends Error {
  override name = 'UnreadableSource';
  /** Tells a queue not to retry. */
  readonly permanent = true;
}
