/** The stemmers of the package natural, which ships no types for its sub-paths. */
declare module 'natural/lib/natural/stemmers/*' {
  const stemmer: { stem(word: string): string };
  export default stemmer;
}
