import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Field } from '../../src/config.js';
import { inspectFile } from '../../src/sources/inspect.js';
import { UnreadableSource } from '../../src/sources/open.js';
import { accepted, OPTIONS, readAll, rejected, writeTemp, type Settings } from './read.js';

const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/sources/${name}`, import.meta.url));

describe('exports of known services', () => {
  test('Google Play: UTF-16, the id inside the link, ratings without a text', async () => {
    const rows = await readAll(
      writeTemp('reviews_com.example.shop_202611.csv', Buffer.from(`\ufeff${fixture('google-play.csv').toString()}`, 'utf16le')),
    );
    expect(accepted(rows)).toEqual([
      {
        source: 'shop',
        externalId: 'gp:AOq1',
        kind: 'review',
        createdAt: '2026-11-02T03:04:05.000Z',
        text: '결제가 계속 멈춰요',
        rating: 2,
        product: 'com.example.shop',
        languageHint: 'ko',
        url: 'https://play.example/console?reviewId=gp%3AAOq1&hl=ko',
      },
      expect.objectContaining({ externalId: 'gp:AOq2', text: 'Fin app\nSnabb och enkel' }),
    ]);
    expect(rejected(rows)).toMatchObject([{ row: 3 }]);
  });

  test.each<[string, object[], Settings?]>([
    ['qualtrics.csv', [{ externalId: 'R_1a', kind: 'survey', createdAt: '2026-11-18T16:13:41.000Z', nps: 4, languageHint: 'pt', text: 'Chegou tarde, mas o produto presta' }]],
    ['surveymonkey.csv', [{ externalId: '114', kind: 'survey', csat: 2, createdAt: '2026-11-17T08:04:00.000Z', text: 'The box was crushed and nobody called back' }, { externalId: '115', createdAt: '2026-11-05T09:01:00.000Z' }]],
    ['amazon.tsv', [{ externalId: 'R1', customer: '77', product: 'B01', rating: 1, text: 'Broke "fast\nThe lid broke.\nThen it leaked.' }, { externalId: 'R2', text: '"Great" kettle\nBoils quickly & quietly' }]],
    ['trustpilot.json', [{ externalId: '6370a', customer: '5f1', rating: 1, languageHint: 'nl', text: 'Slow service\nCalled three times, no answer.' }, { externalId: '6370b' }]],
    ['zendesk.json', [{ externalId: '35436', kind: 'ticket', customer: '20978392', channel: 'email', csat: 1, text: 'App stürzt ab\nBeim Bezahlen geht sie einfach zu.', createdAt: '2026-11-19T08:12:44.000Z' }], { kind: 'ticket' }],
    ['app-store.json', [{ externalId: '00000028-b08c', kind: 'review', rating: 2, createdAt: '2026-11-15T16:10:34.000Z', text: 'Livraison\nDeux semaines de retard.' }]],
    ['intercom.ndjson', [{ externalId: 'c1', customer: 'u9', csat: 2, createdAt: '2026-11-02T03:04:05.000Z', text: 'Refund\nWhere is my money?\nTwo weeks now.' }]],
    ['judge-me.csv', [{ kind: 'review', rating: 2, createdAt: '2025-03-02T10:12:00.000Z', product: '991', customer: 'ida@shop.example', text: 'Too small\nRuns two sizes small' }]],
  ])('%s', async (name, expected, settings) => {
    const rows = await readAll(writeTemp(name, fixture(name)), settings);
    expect(rejected(rows)).toEqual([]);
    expect(accepted(rows)).toMatchObject(expected);
  }); // prettier-ignore
});

describe('columns', () => {
  const mapping = async (csv: string, config: Settings = {}, name = 'rows.csv') => {
    const found = await inspectFile(writeTemp(name, csv), config, OPTIONS);
    return Object.fromEntries(found.columns.map((use) => [use.field, use.column])) as Partial<Record<Field, string>>;
  };

  test.each<[string, Partial<Record<Field, string>>]>([
    ['Bewertungs-ID;Erstellt am;Überschrift;Bewertung;Sterne;Sprache;Artikel;Kanal;Kundennummer', { id: 'Bewertungs-ID', createdAt: 'Erstellt am', title: 'Überschrift', rating: 'Sterne', language: 'Sprache', product: 'Artikel', channel: 'Kanal', customer: 'Kundennummer', text: 'Bewertung' }],
    ['ärendenummer;skapad;rubrik;omdöme;betyg', { id: 'ärendenummer', createdAt: 'skapad', title: 'rubrik', text: 'omdöme', rating: 'betyg' }],
    ['Código;Data da avaliação;Título;Comentário;Nota;Cliente', { id: 'Código', createdAt: 'Data da avaliação', title: 'Título', text: 'Comentário', rating: 'Nota', customer: 'Cliente' }],
    ['Fecha;Reseña;Puntuación;Idioma', { createdAt: 'Fecha', text: 'Reseña', rating: 'Puntuación', language: 'Idioma' }],
    ['Tanggal;Ulasan;Bintang;Pelanggan', { createdAt: 'Tanggal', text: 'Ulasan', rating: 'Bintang', customer: 'Pelanggan' }],
    ['датум;утисак;оцена;купац', { createdAt: 'датум', text: 'утисак', rating: 'оцена', customer: 'купац' }],
    ['CREATED-AT;Review_Text;STAR RATING;externalId', { createdAt: 'CREATED-AT', text: 'Review_Text', rating: 'STAR RATING', id: 'externalId' }],
    ['Créé le;Commentaire;Étoiles;Produit', { createdAt: 'Créé le', text: 'Commentaire', rating: 'Étoiles', product: 'Produit' }],
  ])('%s', async (header, expected) => {
    expect(await mapping(`${header}\n`)).toEqual(expected);
  }); // prettier-ignore

  test('values decide what a word means that is both a score and a text', async () => {
    expect(await mapping('id;Bewertung;Kommentar\n1;4;Kam zu spät\n')).toMatchObject({ rating: 'Bewertung', text: 'Kommentar' });
    expect(await mapping('id;Bewertung;Sterne\n1;Kam zu spät;4\n')).toMatchObject({ rating: 'Sterne', text: 'Bewertung' });
    expect(await mapping('id,score,comment\n1,9,a b c\n2,10,d e f\n')).toMatchObject({ nps: 'score' });
    expect(await mapping('id,score,comment\n1,4,a b c\n2,5,d e f\n')).toMatchObject({ rating: 'score' });
  });

  test('the id of a survey, the same on every row, is no id of a row', async () => {
    expect((await mapping('survey_id,comment\n7,a b\n7,c d\n7,e f\n')).id).toBeUndefined();
    expect((await mapping('survey_id,comment\n7,a b\n8,c d\n9,e f\n')).id).toBe('survey_id');
  });

  test('the config beats the names', async () => {
    const csv = 'id,text,notes,when\n1,short,the real text of it,2026-11-18\n';
    expect(await mapping(csv, { columns: { text: 'Notes', createdAt: 'when', id: null } })).toEqual({ text: 'notes', createdAt: 'when' });
    await expect(mapping(csv, { columns: { text: 'body' } })).rejects.toThrow(
      'columns.text: expected one of id, text, notes, when, got body',
    );
    const optional = await inspectFile(writeTemp('a.csv', csv), { columns: { product: 'shoe' } }, OPTIONS);
    expect(optional.warnings.join()).toContain('columns.product is set to shoe');
  });

  test('keys inside a JSON object are reached with dots', async () => {
    const json = JSON.stringify([{ key: 'a1', data: { when: '2026-11-18', answers: [{ words: 'came late' }] } }]);
    const columns = { id: 'key', createdAt: 'data.when', text: 'data.answers.0.words' };
    expect(accepted(await readAll(writeTemp('a.json', json), { columns }))).toMatchObject([
      { externalId: 'a1', text: 'came late', createdAt: '2026-11-18T00:00:00.000Z' },
    ]);
  });

  test('a JSON key that comes late is mapped when it comes', async () => {
    const lines = Array.from({ length: 400 }, (_, i) =>
      JSON.stringify({ id: i, date: '2026-11-18', text: 'came late', ...(i > 300 ? { nps: 3 } : {}) }),
    );
    expect(accepted(await readAll(writeTemp('a.ndjson', lines.join('\n')))).filter((row) => row.nps === 3)).toHaveLength(99);
  });

  test('a single column of prose is taken as the text, and said so; else the file is refused with its columns', async () => {
    const found = await inspectFile(
      writeTemp('a.csv', 'id,what they said\n1,it came two weeks late\n2,nobody answered my mails\n'),
      {},
      OPTIONS,
    );
    expect(found.columns).toContainEqual({ column: 'what they said', field: 'text', confidence: 0.3, how: 'guess' });
    expect(found.warnings.join()).toContain('what they said');
    const none = readAll(writeTemp('b.csv', 'id,size,price\n1,2,3\n'));
    await expect(none).rejects.toThrow(UnreadableSource);
    await expect(none).rejects.toThrow('b.csv: expected a column with the text among id, size, price; set columns.text of source shop');
  });

  test('a first line that only says the delimiter is no header', async () => {
    const rows = await readAll(writeTemp('a.csv', 'sep=;\r\nid;Text\r\n1;came, late\r\n2;\r\n'));
    expect(accepted(rows)).toMatchObject([{ externalId: '1', text: 'came, late' }]);
    expect(rejected(rows)).toMatchObject([{ row: 4, reason: 'no text' }]);
  });

  test('a file of one column may have any delimiter in its texts', async () => {
    const rows = await readAll(writeTemp('a.csv', 'comment\ncame late, twice; really\n"quoted, even"\n'));
    expect(rows.map((row) => row.ok && row.feedback.text)).toEqual(['came late, twice; really', 'quoted, even']);
  });
});
