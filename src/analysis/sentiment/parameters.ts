/**
 * The numbers of the scorer that hold for every language. Where each comes from is said beside it: "set" is a choice,
 * "tuned" was chosen on the project's own labelled sentences and on sets whose licence allows it.
 */
export const PARAMETERS = {
  /** Negative words weigh more than positive ones: complaints are worded more softly than praise. Tuned. */
  negativeWeight: 1.3,
  /** How many words a negator reaches forward, and back where nothing stands before it to negate (gefällt mir nicht). Set. */
  negationReach: 4,
  negationReachBack: 3,
  /** What is left of a weight, with its sign turned, under a negation: "not good" is bad, "not bad" is faintly good. Set. */
  negatedPositive: -0.8,
  negatedNegative: -0.4,
  /** A negation of nothing in the lexicon ("does not arrive") is itself faintly negative. From the study of accuracy. */
  bareNegation: -0.7,
  /** How many words an intensifier or a diminisher reaches. Set. */
  degreeReach: 2,
  /** What "but" leaves of the clauses before it in its sentence; what stands after it is multiplied by the lexicon's factor. */
  beforeContrast: 0.7,
  /** Reach of irrealis words (would, hope, if) in words; their factor comes from the lexicon. */
  irrealisReach: 6,
  /** Valence in a question is asked about rather than felt. Set. */
  questionPositive: 0.4,
  questionNegative: 0.8,
  /** CAPITALS among normal words, looong words, "!". Set. */
  capitals: 1.25,
  elongated: 1.2,
  exclamation: 1.15,
  /** `9/10`: weight = (share - middle) x this. Six of ten is neither praise nor blame. Set. */
  markMiddle: 0.6,
  markWeight: 6,
  /** A topic phrase with a polarity of its own ("never arrived") where no valence term stands. Tuned. */
  topicPhrase: 1.6,
  /** Sum -> score in [-1, 1]: s / sqrt(s^2 + spread). After VADER (Hutto & Gilbert 2014), which uses 15. */
  spread: 12,
  /** Both sides at least this strong, and the weaker at least this share of the stronger: mixed. Tuned. */
  mixedStrength: 2,
  mixedShare: 0.55,
} as const;
