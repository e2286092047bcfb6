/** Search, count and stream. */
import type { Document, Filter, Sort } from 'mongodb';
import type { AnalyzedFeedback, Day } from '../../feedback.js';
import { parseStored } from '../migrations.js';
import { foldedPage, type Row } from '../folding.js';
import { encodeCursor, readPage, type Position } from '../paging.js';
import type { FeedbackFilter, Page, PageRequest, SortOrder } from '../port.js';
import { patiently, type Connection } from './connection.js';
import { withKeys } from './duplicates.js';
import { fromDocument, type FeedbackDocument } from './documents.js';
import { toQuery, worstScore } from './filter.js';

const CHUNK = 500;
const parse = (document: FeedbackDocument): AnalyzedFeedback => parseStored(fromDocument(document));

export async function search(connection: Connection, filter: FeedbackFilter, request: PageRequest): Promise<Page<AnalyzedFeedback>> {
  const { limit, sort, after } = readPage(request);
  const rows = (from: Position | undefined, size: number): Promise<Row[]> => rowsOfPage(connection, filter, sort, from, size);
  if (request.fold === true) {
    const byMention = filter.topics !== undefined;
    return foldedPage(
      { rows, withKeys: (keys) => withKeys(connection, filter, byMention, keys) },
      { limit, sort, ...(after && { after }) },
    );
  }
  const found = await rows(after, limit + 1);
  const items = found.slice(0, limit).map(({ item }) => item);
  const last = found[limit - 1];
  return found.length > limit && last !== undefined ? { items, next: encodeCursor(sort, last.position) } : { items };
}

/** What matches, in the order asked for, from after a position. */
async function rowsOfPage(
  { collections }: Connection,
  filter: FeedbackFilter,
  sort: SortOrder,
  after: Position | undefined,
  limit: number,
): Promise<Row[]> {
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
            { $limit: limit },
          ])
          .toArray()
      : collections.feedback
          .find({ $and: [query, rest] } as Filter<FeedbackDocument>)
          .sort(order)
          .limit(limit)
          .toArray(),
  );
  return documents.map((document) => {
    const item = parse(document);
    const score = byMention ? Number((document as Document)['severity']) : item.analysis.sentiment.score;
    return { position: { score, created: document.createdAt.getTime(), id: document._id }, item, keys: item.duplicateKeys };
  });
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
