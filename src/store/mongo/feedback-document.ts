/** A piece of feedback as MongoDB holds it: dates as dates for analysts, and the keys its mentions are found by. */
import type { AnalyzedFeedback } from '../../feedback.js';

export type FeedbackDocument = Omit<AnalyzedFeedback, 'id' | 'createdAt'> & { _id: string; createdAt: Date; mentionKeys: string[] };
