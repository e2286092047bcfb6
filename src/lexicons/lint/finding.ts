/** What the lint of the lexicons says, and the lines it reads. */

/** An error makes an entry useless or wrong; a warning is for a native speaker to judge. */
export type Level = 'error' | 'warning';

export interface Finding {
  /** Relative to the folder of the lexicons. */
  file: string;
  /** From 1; 0 where it is about the file as a whole. */
  line: number;
  level: Level;
  /** Which check, for counting: `duplicate`, `dead` ... */
  rule: string;
  /** What is wrong, and what to do. */
  message: string;
}

/** Collects the findings of one file. */
export type Report = (line: number, level: Level, rule: string, message: string) => void;

export const reporter =
  (file: string, findings: Finding[]): Report =>
  (line, level, rule, message) =>
    findings.push({ file, line, level, rule, message });

export interface Row {
  /** From 1. */
  line: number;
  text: string;
  cells: string[];
}

export const isComment = (text: string): boolean => text === '' || text === '#' || text.startsWith('# ');

/** The lines that are entries, comments and empty lines left out. */
export function rowsOf(content: string): Row[] {
  return content
    .split('\n')
    .map((text, i) => ({ line: i + 1, text: text.replace(/\r$/, ''), cells: text.replace(/\r$/, '').split('\t') }))
    .filter(({ text }) => !isComment(text));
}

/** `"a" (line 3)`, at most three of them. */
export const some = (found: readonly string[]): string =>
  found.slice(0, 3).join(', ') + (found.length > 3 ? ` and ${found.length - 3} more` : '');
