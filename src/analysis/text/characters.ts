/** What kind of character a UTF-16 code unit is: one table look-up for the tokenizer's inner loop. */

export const OTHER = 0;
export const LETTER = 1;
export const DIGIT = 2;
export const SPACE = 3;
export const NEWLINE = 4;
/** . ! ? and their kin in other scripts: end a sentence. */
export const SENTENCE_END = 5;
/** , ; : ( ) and dashes: end a clause. */
export const CLAUSE_END = 6;
export const APOSTROPHE = 7;
/** First half of a character outside the basic plane: emoji, rare letters. */
export const HIGH_SURROGATE = 8;
/** Symbols of the basic plane that are drawn as emoji: ☹ ❤ ✅ ... */
export const SYMBOL = 9;
/** Combining marks and joiners continue whatever they follow. */
export const MARK = 10;

function build(): Uint8Array {
  const table = new Uint8Array(65_536);
  const letter = /\p{L}/u;
  const digit = /\p{Nd}/u;
  const mark = /\p{M}/u;
  const space = /[\s\u00a0\u200b]/u;
  for (let c = 0; c < 65_536; c++) {
    if (c >= 0xd800 && c <= 0xdfff) {
      table[c] = c < 0xdc00 ? HIGH_SURROGATE : OTHER;
      continue;
    }
    // Large uniform blocks need no test: CJK and Hangul are letters.
    if ((c >= 0x3400 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7a3)) {
      table[c] = LETTER;
      continue;
    }
    const s = String.fromCharCode(c);
    if (letter.test(s)) table[c] = LETTER;
    else if (digit.test(s)) table[c] = DIGIT;
    else if (mark.test(s)) table[c] = MARK;
    else if (space.test(s)) table[c] = SPACE;
    else if ((c >= 0x2190 && c <= 0x2bff) || c === 0x3030 || c === 0x303d) table[c] = SYMBOL;
  }
  const set = (characters: string, kind: number): void => {
    for (const c of characters) table[c.charCodeAt(0)] = kind;
  };
  set('\n\r\u0085\u2028\u2029', NEWLINE);
  set('.!?…。！？؟।‼⁇⁈⁉', SENTENCE_END);
  set(',;:()[]{}–—、，；：（）«»"„“”|/\\*•·', CLAUSE_END);
  set("'’‘ʼ`´", APOSTROPHE);
  set('\u200d\ufe0e\ufe0f', MARK);
  return table;
}

/** Kind of every code unit of the basic plane. */
export const KIND_OF: Uint8Array = build();

export const isThai = (code: number): boolean => code >= 0x0e00 && code <= 0x0e7f;
