/** A filter as a query of the collection `feedback`. */
import type { Document, Filter } from 'mongodb';
import { ALL_TOPICS, LABELS } from '../../feedback.js';
import { escapePattern, instant } from '../paging.js';
import type { FeedbackFilter } from '../port.js';
import { mentionKeys, type FeedbackDocument } from './documents.js';

const FIELDS = [
  ['ids', '_id'],
  ['languages', 'analysis.language.code'],
  ['sources', 'source'],
  ['kinds', 'kind'],
  ['channels', 'channel'],
  ['products', 'product'],
  ['customers', 'customer'],
  ['flags', 'analysis.flags'],
  ['days', 'day'],
] as const;

const bounds = (low: unknown, high: unknown, highOperator: '$lt' | '$lte'): Document => ({
  ...(low === undefined ? {} : { $gte: low }),
  ...(high === undefined ? {} : { [highOperator]: high }),
});

export function toQuery(filter: FeedbackFilter): Filter<FeedbackDocument> {
  const { topics, labels, since, until, ratingMin, ratingMax, scoreMin, scoreMax, contains } = filter;
  const query: Document = {};
  for (const [field, path] of FIELDS) {
    if (filter[field] !== undefined) query[path] = { $in: filter[field] };
  }
  if (since !== undefined || until !== undefined) {
    query['createdAt'] = bounds(since && new Date(instant(since)), until && new Date(instant(until)), '$lt');
  }
  if (ratingMin !== undefined || ratingMax !== undefined) query['rating'] = bounds(ratingMin, ratingMax, '$lte');
  if (topics !== undefined || labels !== undefined) {
    query['mentionKeys'] = { $in: mentionKeys(topics ?? [ALL_TOPICS], labels ?? LABELS) };
  }
  if (scoreMin !== undefined || scoreMax !== undefined) {
    const score = bounds(scoreMin, scoreMax, '$lte');
    if (topics === undefined) query['analysis.sentiment.score'] = score;
    else {
      const mention = { $elemMatch: { id: { $in: topics }, ...(labels === undefined ? {} : { label: { $in: labels } }), score } };
      query['$or'] = [{ 'analysis.topics': mention }, { 'analysis.areas': mention }];
    }
  }
  if (contains !== undefined) query['text'] = { $regex: escapePattern(contains), $options: 'i' };
  return query;
}

/** The lowest score among the mentions that the filter asks about, as an expression. */
export function worstScore({ topics = [], labels, scoreMin, scoreMax }: FeedbackFilter): Document {
  const conditions: Document[] = [{ $in: ['$$mention.id', topics] }];
  if (labels !== undefined) conditions.push({ $in: ['$$mention.label', labels] });
  if (scoreMin !== undefined) conditions.push({ $gte: ['$$mention.score', scoreMin] });
  if (scoreMax !== undefined) conditions.push({ $lte: ['$$mention.score', scoreMax] });
  const mentions = { $concatArrays: ['$analysis.topics', '$analysis.areas'] };
  const asked = { $filter: { input: mentions, as: 'mention', cond: { $and: conditions } } };
  return { $min: { $map: { input: asked, as: 'mention', in: '$$mention.score' } } };
}
