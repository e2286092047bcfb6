/** Search, count and stream. */
import type { Document, Filter, Sort } from 'mongodb';
import type { AnalyzedFeedback, Day } from '../../feedback.js';
import { parseStored } from '../migrations.js';
import { encodeCursor, readPage, type Position } from '../paging.js';
import type { FeedbackFilter, Page, PageRequest } from '../port.js';
import { patiently, type Connection } from './connection.js';
import { fromDocument, type FeedbackDocument } from './documents.js';
import { toQuery, worstScore } from './filter.js';

const CHUNK = 500;
const parse = (document: FeedbackDocument): AnalyzedFeedback => parseStored(fromDocument(document));

export async function search({ collections }: Connection, filter: FeedbackFilter, request: PageRequest): Promise<Page<AnalyzedFeedback>> {
  const { limit, sort, after } = readPage(request);
  const byMention = sort === 'severity' && filter.topics !== undefined;
  const scorePath = byMention ? 'severity' : 'analysis.sentiment.score';
  const order: Sort = { ...(sort === 'severity' ? { [scorePath]: 1 } : {}), createdAt: -1, _id: 1 };
  const rest = after === undefined ? {} : later(sort === 'severity' ? scorePath : undefined, after);
  const query = toQuery(filter);
  const documents = await patiently(() =>
    byMention
      ? collections.feedback
          .aggregate<FeedbackDocument & { severity?: number }>([
            { $match: query },
            { $addFields: { severity: worstScore(filter) } },
            { $match: rest },
            { $sort: order },
            { $limit: limit + 1 },
          ])
          .toArray()
      : collections.feedback
          .find({ $and: [query, rest] } as Filter<FeedbackDocument>)
          .sort(order)
          .limit(limit + 1)
          .toArray(),
  );
  const items = documents.slice(0, limit).map(parse);
  const last = documents[limit - 1];
  if (documents.length <= limit || last === undefined) return { items };
  const score = byMention ? Number((last as Document)['severity']) : last.analysis.sentiment.score;
  return { items, next: encodeCursor(sort, { score, created: last.createdAt.getTime(), id: last._id }) };
}

/** What comes after a position, in the order of score (where one is given) ascending, newest first, id. */
function later(scorePath: string | undefined, { score, created, id }: Position): Document {
  const createdAt = new Date(created);
  const byTime = [{ createdAt: { $lt: createdAt } }, { createdAt, _id: { $gt: id } }];
  if (scorePath === undefined) return { createdAt: { $lte: createdAt }, $or: byTime };
  return { $or: [{ [scorePath]: { $gt: score } }, ...byTime.map((part) => ({ [scorePath]: score, ...part }))] };
}

export async function count({ collections }: Connection, filter: FeedbackFilter): Promise<number> {
  return patiently(() => collections.feedback.countDocuments(toQuery(filter)));
}

/** By chunks in id order: no cursor that a slow reader or a restart of the server could lose. */
export async function* stream({ collections }: Connection, filter: FeedbackFilter, from?: string): AsyncIterable<AnalyzedFeedback> {
  const query = toQuery(filter);
  let after = from;
  for (;;) {
    const rest: Document = after === undefined ? {} : { _id: { $gt: after } };
    const documents = await patiently(() =>
      collections.feedback
        .find({ $and: [query, rest] } as Filter<FeedbackDocument>)
        .sort({ _id: 1 })
        .limit(CHUNK)
        .toArray(),
    );
    for (const document of documents) yield parse(document);
    after = documents.at(-1)?._id;
    if (documents.length < CHUNK) return;
  }
}

export async function newestDay({ collections }: Connection): Promise<Day | undefined> {
  const newest = await patiently(() => collections.feedback.findOne({}, { sort: { createdAt: -1, _id: 1 }, projection: { day: 1 } }));
  return newest?.day;
}
