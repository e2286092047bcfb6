/** Parsers of option values; commander says what was wrong and ends with exit code 2. */
import { InvalidArgumentError } from 'commander';

export function positiveInteger(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new InvalidArgumentError('Expected a whole number from 1.');
  return Number(value);
}

export function nonNegativeInteger(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('Expected a whole number from 0.');
  return Number(value);
}

/** For options that may be given again. */
export const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];
